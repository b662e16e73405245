/** The tests speak both languages. */

import { loadLanguage } from '../../static/js/i18n/index.js';

await Promise.all([loadLanguage('ar'), loadLanguage('en')]);
