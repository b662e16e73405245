/** English words for what was made of a text, which only the page to try it needs. */

/** @import { ReadingWords } from '../types.d.ts' */

/** @type {ReadingWords} */
export const reading = {
  /** Why something is no event, by what the program says. */
  refusals: {
    'it is denied': 'it is denied',
    'it is only possible, threatened or feared':
      'it is only possible, threatened or feared',
    'it is planned': 'it is planned',
    'it is a purpose': 'it is a purpose',
    'it is a demand': 'it is a demand',
    'it is history or a statistic': 'it is history or a statistic',
    'told as what goes on, of no day': 'told as what goes on, of no day',
    'it describes a state': 'it describes a state',
    'it is what something else is about': 'it is what something else is about',
    'it is a figure of speech': 'it is a figure of speech',
    'it is an accident': 'it is an accident',
    'it is sport or fiction': 'it is sport or fiction',
    'it is an opinion': 'it is an opinion',
    'it is the ground of something else': 'it is the ground of something else',
    'its date is ahead or long past': 'its date is ahead or long past',
    'a fight without fighters or a place': 'a fight without fighters or a place',
    'the word alone, without a place, a day, an actor or a count':
      'the word alone, without a place, a day, an actor or a count',
    'contraband, and no arms': 'contraband, and no arms',
    'an accident, a force of nature, common crime or the business of states':
      'an accident, a force of nature, common crime or the business of states',
    'an assault without a weapon, an actor or a target':
      'an assault without a weapon, an actor or a target',
    'killing or injury without a cause': 'killing or injury without a cause',
    'a movement or dealings without a force': 'a movement or dealings without a force',
    'a weapon alone': 'a weapon alone',
  },
  /** What keeps an article from being read well, by what the program says. */
  problems: {
    'the text has no words: there is nothing to read':
      'The text has no words: there is nothing to read.',
    'the text looks Kurdish (Sorani): only Arabic and English are read, expect gaps':
      'The text looks Kurdish (Sorani): only Arabic and English are read, expect gaps.',
    'the text looks Urdu: only Arabic and English are read, expect gaps':
      'The text looks Urdu: only Arabic and English are read, expect gaps.',
    'the text looks Persian: only Arabic and English are read, expect gaps':
      'The text looks Persian: only Arabic and English are read, expect gaps.',
  },
  /** Why the server refuses a request, by its code. */
  errors: {
    unknown_parameter: 'The request has a parameter that this server does not know.',
    repeated_parameter: 'The request gives a parameter twice.',
    bad_parameter: 'A value in the request is not allowed.',
    unknown_collection: 'This server has no such collection.',
    unknown_feature: 'This is not there any more.',
    unknown_tile: 'There is no such tile.',
    not_found: 'There is nothing at this address.',
    method_not_allowed: 'This address takes no such request.',
    articles_not_taken: 'This server takes no articles.',
    only_read: 'This server only shows what others keep, and takes no articles.',
    unauthorized: 'The token is missing or wrong.',
    unsupported_media_type: 'The server does not read this kind of text.',
    too_large: 'The text is longer than what the server reads at once.',
    too_slow: 'The text took too long to come. Try again, or send less.',
    bad_article:
      'The server cannot read this as an article. Check the text and the day of publication.',
    queue_full: 'Articles come faster than they can be kept. Try again in a moment.',
    not_kept: 'The articles are not all kept. Send them again later.',
    too_busy: 'The server is busy reading other texts. Try again in a moment.',
    too_many_streams: 'Too many readers are listening just now. Try again in a moment.',
    not_ready: 'The server is not ready yet. Try again in a moment.',
    unreadable: 'The server cannot read its data just now. Try again in a moment.',
  },
};
