import { writeFile } from 'node:fs/promises';
import { STEPS } from './firstLosses.mjs';

const TITLES = { pytorch: 'PyTorch', keras: 'Keras', typescript: 'TypeScript' };
const TRAINS = ` *Trains*: mean loss of each epoch when the
project trains by itself, with its own first weights.`;

/** Writes RESULTS.md from the rows of `run.mjs --table`; without training there is no column for it. */
export async function writeTable(rows) {
  const trained = rows.some(({ losses }) => losses.length > 0);
  const columns = ['template', 'target', 'first loss', `next ${STEPS - 1}`, ...(trained ? ['trains'] : [])];
  const number = (value) => (value === 0 ? '0' : value.toExponential(0));
  const line = (cells) => `| ${columns.map((_, i) => cells[i] ?? '').join(' | ')} |`;
  const lines = rows.map(({ template, target, refused, problems, apart, losses }) => {
    const place = [template, TITLES[target]];
    if (refused) return line([...place, `refused: ${refused}`]);
    if (problems.length > 0) return line([...place, `**failed**: ${problems[0].split('\n')[0].replaceAll('|', '/')}`]);
    const trail = losses.map((loss) => loss.toFixed(3)).join(' → ');
    return line([...place, number(apart[0]), number(Math.max(...apart.slice(1))), trail]);
  });
  const count = (wanted) => rows.filter(wanted).length;
  const failed = count(({ problems }) => problems.length > 0);
  const refused = count((row) => row.refused);
  await writeFile(
    new URL('RESULTS.md', import.meta.url),
    `# Generated code, run

Written by \`node conformance/codegen/run.mjs --table\`: the project of every template in every target, as \`gradloom generate\`
writes it, executed. ${rows.length - failed - refused} compute as the engine, ${refused} are refused by name, ${failed} failed.

*First loss* and *next ${STEPS - 1}*: relative distance of the project's loss from the engine's, from the same weights on the same
batches, by the project's own model, loss, optimizer and step; the greatest of the steps. Dropout and added noise are set to
0 for that, and layers that draw samples are given the engine's numbers. Keras' LSTM has one bias where PyTorch's has two,
each of which learns, so that from the second step on it is another model. A bias before a BatchNorm has a gradient of
rounding alone, of which Adam makes whole steps: such nets part sooner, on two devices of ours as well.${trained ? TRAINS : ''}

${line(columns)}
${line(columns.map(() => '---'))}
${lines.join('\n')}
`,
  );
}
