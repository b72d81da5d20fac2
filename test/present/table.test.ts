import { describe, expect, it } from 'vitest';
import { plainText, words } from '../../src/model/text.ts';
import { widthOf } from '../../src/present/fit.ts';
import { lineText, segment } from '../../src/present/line.ts';
import { type TableColumn, tableLines } from '../../src/present/table.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: words`ID` },
  { title: words`COUNT`, align: 'right' },
  { title: words`NAME`, yields: 1 },
  { title: words`JOB`, yields: 2 },
];

describe('a table', () => {
  it('is as wide as what stands in it', () => {
    expect(texts([['a', '7', 'Write it', 'nightly']], 80)).toEqual([
      'ID  COUNT  NAME      JOB',
      'a       7  Write it  nightly',
    ]);
  });

  it('cuts what yields, by its weight, and never what does not', () => {
    const rows = [['a-long-id', '7', 'Write the whole report again', 'a-job-with-a-name']];
    expect(texts(rows, 63)).toEqual([
      'ID         COUNT  NAME                          JOB',
      'a-long-id      7  Write the whole report again  a-job-with-a-n…',
    ]);
    expect(texts(rows, 50)).toEqual([
      'ID         COUNT  NAME                  JOB',
      'a-long-id      7  Write the whole rep…  a-job-wit…',
    ]);
    expect(texts(rows, 10)).toEqual([
      'ID         COUNT  NAME      JOB',
      'a-long-id      7  Write t…  a-job-w…',
    ]);
  });

  it('leaves out what is dispensable, the last first, where cutting is not enough', () => {
    const columns = [
      { title: words`ID` },
      { title: words`AGE`, isDispensable: true },
      { title: words`LATE`, isDispensable: true },
    ];
    const lines = (width: number) =>
      tableLines(columns, [['a-long-id', '12s', 'no'].map(plainText)], { width }).map(lineText);
    expect(lines(20)).toEqual(['ID         AGE  LATE', 'a-long-id  12s  no']);
    expect(lines(19)).toEqual(['ID         AGE', 'a-long-id  12s']);
    expect(lines(9)).toEqual(['ID', 'a-long-id']);
  });

  it('keeps its columns beside wide characters and emoji', () => {
    const rows = [
      ['a', '1', '夜間レポート', 'x'],
      ['b', '2', '👩‍🚀 launch', 'x'],
      ['c', '3', 'plain', 'x'],
    ];
    const ends = texts(rows, 80).map((line) =>
      widthOf(line.replace(/ *\S+$/u, (last) => last.replace(/\S/gu, ''))),
    );
    expect(new Set(ends).size).toBe(1);
  });

  it('keeps the tone of a cell, and draws with ASCII where asked', () => {
    const lines = tableLines([{ title: words`NAME`, yields: 1 }], [[segment('a very long name', 'bad')]], {
      width: 10,
      ascii: true,
    });
    expect(lines[1]?.segments).toEqual([{ text: 'a very lo~', tone: 'bad' }]);
  });
});

function texts(rows: readonly (readonly string[])[], width: number): string[] {
  return tableLines(
    COLUMNS,
    rows.map((row) => row.map(plainText)),
    { width },
  ).map(lineText);
}
