import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addDays,
  columnsOf,
  daysBetween,
  endOf,
  spanOf,
  startOf,
  today,
  unitFor,
} from '../../static/js/lib/time.js';

test('today is the day it is in Damascus', () => {
  assert.equal(today(new Date('2026-11-27T21:30:00Z')), '2026-11-28');
  assert.equal(today(new Date('2026-11-27T20:30:00Z')), '2026-11-27');
});

test('days are counted over months, leap years and changes of clocks', () => {
  assert.equal(addDays('2024-02-28', 2), '2024-03-01');
  assert.equal(addDays('2026-01-01', -1), '2025-12-31');
  assert.equal(daysBetween('2024-02-28', '2024-03-01'), 2);
});

test('a week begins on Monday, as the server counts it', () => {
  assert.equal(startOf('2026-11-27', 'week'), '2026-11-23');
  assert.equal(startOf('2026-11-23', 'week'), '2026-11-23');
  assert.equal(startOf('2026-11-29', 'week'), '2026-11-23');
  assert.equal(endOf('2026-11-23', 'week'), '2026-11-29');
  assert.equal(endOf('2024-02-01', 'month'), '2024-02-29');
});

test('a preset ends today, and two dates stand in their order', () => {
  const none = { from: null, to: null, days: null };
  assert.deepEqual(spanOf({ ...none, days: 1 }, '2026-11-27'), {
    from: '2026-11-27',
    to: '2026-11-27',
  });
  assert.deepEqual(spanOf({ ...none, from: '2026-02-01', to: '2026-01-01' }, ''), {
    from: '2026-01-01',
    to: '2026-02-01',
  });
});

test('columns follow each other without a gap, whatever their unit', () => {
  const span = { from: '2023-11-15', to: '2024-03-10' };
  for (const unit of ['day', 'week', 'month']) {
    const columns = columnsOf(new Map([[startOf('2024-02-29', unit), 7]]), span, unit);
    for (const [at, column] of columns.slice(1).entries()) {
      assert.equal(column.from, addDays(columns[at].to, 1), unit);
    }
    assert.ok(columns[0].from <= span.from && columns.at(-1).to >= span.to, unit);
    const counted = columns.filter(({ count }) => count > 0);
    assert.equal(counted.length, 1, unit);
    assert.ok(counted[0].from <= '2024-02-29' && counted[0].to >= '2024-02-29', unit);
  }
});

test('the longer the span, the longer the unit', () => {
  assert.equal(unitFor({ from: '2026-01-01', to: '2026-06-01' }), 'day');
  assert.equal(unitFor({ from: '2024-01-01', to: '2026-06-01' }), 'week');
  assert.equal(unitFor({ from: '2011-03-15', to: '2026-06-01' }), 'month');
});
