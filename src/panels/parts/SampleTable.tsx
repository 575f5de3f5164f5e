import { Check, X } from 'lucide-react';
import { messages } from '../../editor/i18n/language.ts';
import type { Dataset, InputColumn } from '../../engine/data/dataset.ts';
import { guessOf, testSample } from './samples.ts';

/** A test sample and what the model says of it. */
export interface SampleRow {
  readonly index: number;
  readonly output: Float32Array;
}

/** Test samples of a table: the model's answer beside the truth, then the values as they stand in the file. */
export function SampleTable(props: {
  readonly dataset: Dataset;
  readonly columns: readonly InputColumn[];
  readonly rows: readonly SampleRow[];
}) {
  const { dataset, columns, rows } = props;
  const words = messages().predictions;
  return (
    <table aria-label={words.table} className="w-full text-xs whitespace-nowrap">
      <thead className="text-left text-muted">
        <tr>
          {['', words.answer, words.truth, ...columns.map(({ name }) => name)].map((title, i) => (
            <th
              key={`${title}${i}`}
              scope="col"
              className={`bg-surface px-2 py-1 font-medium ${i > 2 ? 'text-right' : ''}`}
            >
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="tabular-nums">
        {rows.map(({ index, output }) => {
          const { index: guess, confidence } = guessOf(output);
          const truth = dataset.test.labels[index] ?? -1;
          const right = guess === truth;
          const sample = testSample(dataset, index);
          const percent = String(Math.round(confidence * 100));
          const says = words.says(dataset.classes[guess] ?? '', percent, right ? undefined : dataset.classes[truth]);
          return (
            <tr key={index} className="border-t border-line" title={words.sampleSays(index, says)}>
              <td className="w-6 px-2 py-1">
                {right ? (
                  <Check aria-hidden size={13} className="text-success" />
                ) : (
                  <X aria-hidden size={13} className="text-danger" />
                )}
              </td>
              <td className={`px-2 py-1 font-semibold ${right ? 'text-ink' : 'text-danger'}`}>
                {dataset.classes[guess]} <span className="font-normal text-muted">{percent}%</span>
              </td>
              <td className="px-2 py-1">{dataset.classes[truth]}</td>
              {columns.map(({ name, mean, deviation }, k) => (
                <td key={name} className="px-2 py-1 text-right font-mono text-muted">
                  {fileValue((sample[k] ?? 0) * deviation + mean, deviation)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A value as it stood in the file, as far as float32 tells: what rounding left of 0 is 0. */
function fileValue(value: number, deviation: number): number {
  return Number((Math.abs(value) < 1e-5 * deviation ? 0 : value).toPrecision(4));
}
