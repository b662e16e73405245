/** The tests speak both languages. */

import { loadReading } from '../../static/js/i18n/index.js';

await Promise.all([loadReading('ar'), loadReading('en')]);
