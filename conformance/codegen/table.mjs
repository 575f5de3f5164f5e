import { writeFile } from 'node:fs/promises';
import { STEPS } from './firstLosses.mjs';

const TITLES = { pytorch: 'PyTorch', keras: 'Keras', typescript: 'TypeScript' };

/** Writes RESULTS.md from the rows of `run.mjs --table`. */
export async function writeTable(rows) {
  const number = (value) => (value === 0 ? '0' : value.toExponential(1));
  const lines = rows.map(({ template, target, refused, problems, apart, losses }) => {
    const place = `| ${template} | ${TITLES[target]}`;
    if (refused) return `${place} | refused: ${refused} | | |`;
    if (problems.length > 0) return `${place} | **failed**: ${problems[0].split('\n')[0].replaceAll('|', '/')} | | |`;
    const trail = losses.map((loss) => loss.toFixed(3)).join(' → ');
    return `${place} | ${number(apart[0])} | ${number(Math.max(...apart.slice(1)))} | ${trail} |`;
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
each of which learns, so that from the second step on it is another model. *Trains*: mean loss of each epoch when the
project trains by itself, with its own first weights.

| template | target | first loss | next ${STEPS - 1} | trains |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`,
  );
}
