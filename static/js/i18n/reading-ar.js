/** Arabic words for what was made of a text, which only the page to try it needs. */

/** @import { ReadingWords } from '../types.d.ts' */

/** @type {ReadingWords} */
export const reading = {
  /** Why something is no event, by what the program says. */
  refusals: {
    'it is denied': 'هو منفي',
    'it is only possible, threatened or feared': 'هو احتمال أو تهديد أو تخوّف لا غير',
    'it is planned': 'هو مخطط له ولم يقع',
    'it is a purpose': 'هو غاية لا حدث',
    'it is a demand': 'هو مطلب',
    'it is history or a statistic': 'هو من الماضي أو إحصاء',
    'told as what goes on, of no day': 'يُروى على أنه ما يجري عادةً، لا في يوم بعينه',
    'it describes a state': 'هو وصف لحال قائمة',
    'it is what something else is about': 'هو موضوع أمر آخر',
    'it is a figure of speech': 'هو مجاز',
    'it is an accident': 'هو حادث عرضي',
    'it is sport or fiction': 'هو رياضة أو عمل فني',
    'it is an opinion': 'هو رأي',
    'it is the ground of something else': 'هو سبب لأمر آخر',
    'its date is ahead or long past': 'تاريخه لم يأتِ بعد أو مضى منذ زمن',
    'a fight without fighters or a place': 'قتال بلا مقاتلين ولا مكان',
    'the word alone, without a place, a day, an actor or a count':
      'الكلمة وحدها، بلا مكان ولا يوم ولا طرف ولا عدد',
    'contraband, and no arms': 'مواد مهرّبة لا أسلحة',
    'an accident, a force of nature, common crime or the business of states':
      'حادث عرضي أو كارثة طبيعية أو جريمة عادية أو شأن بين الدول',
    'an assault without a weapon, an actor or a target':
      'هجوم بلا سلاح ولا طرف ولا هدف',
    'killing or injury without a cause': 'قتل أو إصابة بلا سبب مذكور',
    'a movement or dealings without a force': 'تحرك أو تعامل بلا قوة مسلحة',
    'a weapon alone': 'سلاح وحده',
  },
  /** What keeps an article from being read well, by what the program says. */
  problems: {
    'the text has no words: there is nothing to read':
      'لا كلمات في النص، فليس فيه ما يُقرأ.',
    'the text looks Kurdish (Sorani): only Arabic and English are read, expect gaps':
      'يبدو النص بالكردية (السورانية)، ولا تُقرأ إلا العربية والإنكليزية: قد يفوت منه شيء.',
    'the text looks Urdu: only Arabic and English are read, expect gaps':
      'يبدو النص بالأردية، ولا تُقرأ إلا العربية والإنكليزية: قد يفوت منه شيء.',
    'the text looks Persian: only Arabic and English are read, expect gaps':
      'يبدو النص بالفارسية، ولا تُقرأ إلا العربية والإنكليزية: قد يفوت منه شيء.',
  },
  /** Why the server refuses a request, by its code. */
  errors: {
    unknown_parameter: 'في الطلب وسيط لا يعرفه هذا الخادم.',
    repeated_parameter: 'في الطلب وسيط مكرر.',
    bad_parameter: 'في الطلب قيمة غير مسموح بها.',
    unknown_collection: 'لا توجد هذه المجموعة في هذا الخادم.',
    unknown_feature: 'لم يعد هذا موجوداً.',
    unknown_tile: 'لا يوجد مربع خريطة كهذا.',
    not_found: 'لا شيء في هذا العنوان.',
    method_not_allowed: 'لا يقبل هذا العنوان طلباً كهذا.',
    articles_not_taken: 'لا يستقبل هذا الخادم أخباراً.',
    only_read: 'يعرض هذا الخادم ما تحفظه خوادم أخرى فقط، ولا يستقبل أخباراً.',
    unauthorized: 'الرمز ناقص أو خاطئ.',
    unsupported_media_type: 'لا يقرأ الخادم نصاً من هذا النوع.',
    too_large: 'النص أطول مما يقرؤه الخادم دفعة واحدة.',
    too_slow: 'تأخر وصول النص كثيراً. أعد المحاولة، أو أرسل نصاً أقصر.',
    bad_article: 'لا يستطيع الخادم قراءة هذا خبراً. تحقق من النص ومن تاريخ النشر.',
    queue_full: 'تصل الأخبار أسرع مما يمكن حفظه. حاول بعد لحظة.',
    not_kept: 'لم تُحفظ الأخبار كلها. أرسلها مرة أخرى لاحقاً.',
    too_busy: 'الخادم مشغول بقراءة نصوص أخرى. حاول بعد لحظة.',
    too_many_streams: 'عدد المتابعين الآن كبير. حاول بعد لحظة.',
    not_ready: 'الخادم ليس جاهزاً بعد. حاول بعد لحظة.',
    unreadable: 'لا يستطيع الخادم قراءة بياناته الآن. حاول بعد لحظة.',
  },
};
