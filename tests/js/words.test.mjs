import assert from 'node:assert/strict';
import { test } from 'node:test';
import { language } from '../../static/js/i18n/index.js';
import {
  dateInWords,
  placeName,
  publishedInWords,
  rangeInWords,
} from '../../static/js/lib/words.js';

const ar = language('ar');
const en = language('en');

const DATES = [
  {
    name: 'a day',
    event: { date: '2022-07-18', dateEnd: null, timePrecision: 1, dateText: null },
    ar: '18 تموز 2022',
    en: '18 July 2022',
  },
  {
    name: 'a night between two days',
    event: {
      date: '2022-07-17',
      dateEnd: '2022-07-18',
      timePrecision: 1,
      dateText: 'منتصف ليلة الأحد – الإثنين',
    },
    ar: 'ليلة 17–18 تموز 2022',
    en: 'Night of 17–18 July 2022',
  },
  {
    name: 'two days that are no night',
    event: {
      date: '2022-07-17',
      dateEnd: '2022-07-18',
      timePrecision: 1,
      dateText: 'الأحد والإثنين',
    },
    ar: '17–18 تموز 2022',
    en: '17–18 July 2022',
  },
  {
    name: 'an end on the same day is no range',
    event: {
      date: '2022-07-18',
      dateEnd: '2022-07-18',
      timePrecision: 1,
      dateText: null,
    },
    ar: '18 تموز 2022',
    en: '18 July 2022',
  },
  {
    name: 'a week',
    event: {
      date: '2022-07-18',
      dateEnd: null,
      timePrecision: 2,
      dateText: 'الأسبوع الماضي',
    },
    ar: 'في حدود 18 تموز 2022',
    en: 'Around 18 July 2022',
    vague: true,
  },
  {
    name: 'a month',
    event: {
      date: '2022-07-15',
      dateEnd: null,
      timePrecision: 3,
      dateText: 'خلال تموز',
    },
    ar: 'تموز 2022',
    en: 'July 2022',
    vague: true,
  },
  {
    name: 'no date',
    event: { date: null, dateEnd: null, timePrecision: null, dateText: 'قبل أيام' },
    ar: 'التاريخ غير معروف',
    en: 'Date not known',
  },
];

for (const { name, event, vague = false, ...expected } of DATES) {
  test(`dates in words: ${name}`, () => {
    for (const words of [ar, en]) {
      const said = dateInWords(event, words);
      assert.equal(said.main, expected[words.lang]);
      assert.equal(said.note, vague ? words.t('date.dayUnknown') : null);
      assert.equal(said.textSays, event.dateText);
    }
  });
}

test('a range over two years keeps its spaces', () => {
  const event = {
    date: '2021-12-31',
    dateEnd: '2022-01-02',
    timePrecision: 1,
    dateText: null,
  };
  const { main } = dateInWords(event, en);
  assert.match(main, /^31 December 2021\s–\s2 January 2022$/u);
});

test('a moment of publication is the day it was in Damascus', () => {
  assert.equal(publishedInWords('2022-07-17T22:30:00Z', en), '18 July 2022');
  assert.equal(publishedInWords('2022-07-17', en), '17 July 2022');
  assert.equal(publishedInWords('last week', en), 'last week');
});

const RANGES = [
  [{ best: null, low: null, high: null }, 'not reported', 'لم يُذكر'],
  [{ best: 0, low: 0, high: 0 }, '0', '0'],
  [{ best: 3, low: 3, high: 3 }, '3', '3'],
  [{ best: 3, low: null, high: null }, '3', '3'],
  [{ best: 3, low: 3, high: 5 }, '3 to 5', 'من 3 إلى 5'],
  [{ best: null, low: 4, high: 4 }, '4', '4'],
  [{ best: null, low: 12, high: null }, 'at least 12', '12 على الأقل'],
  [{ best: null, low: null, high: 9 }, 'up to 9', '9 على الأكثر'],
];

for (const [range, english, arabic] of RANGES) {
  test(`tolls in words: ${english}`, () => {
    assert.equal(rangeInWords(range, en), english);
    assert.equal(rangeInWords(range, ar), arabic);
  });
}

test('a place is named in the language of the reader, or else as it is known', () => {
  const place = { location: 'Kobani', locationAr: 'عين العرب', placeText: 'كوباني' };
  assert.equal(placeName(place, ar), 'عين العرب');
  assert.equal(placeName(place, en), 'Kobani');
  assert.equal(placeName({ ...place, locationAr: null }, ar), 'Kobani');
  assert.equal(placeName({ ...place, locationAr: null, location: null }, en), 'كوباني');
});
