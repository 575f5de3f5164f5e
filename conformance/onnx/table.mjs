// Writes RESULTS.md from the lines of `gradloom verify onnx --json`, one file a device:
//   node conformance/onnx/table.mjs reference.txt wasm.txt webgpu.txt
import { readFileSync, writeFileSync } from 'node:fs';

const devices = process.argv.slice(2).map((file) => {
  const lines = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  return { summary: lines.at(-1), cases: lines.slice(0, -1) };
});
const [first] = devices;
const count = (cases, verdict) => cases.filter((test) => test.verdict === verdict).length;
const row = (name, of) => {
  const onnxruntime = of(first.cases).filter((test) => test.onnxruntime).length;
  return devices.map(({ summary, cases }, i) => {
    const own = of(cases);
    const numbers = ['passed', 'unsupported', 'failed'].map((verdict) => count(own, verdict)).join(' | ');
    return `| ${i === 0 ? `${name} (${own.length})` : ''} | ${summary.backend} | ${numbers} | ${i === 0 ? onnxruntime : ''} |`;
  });
};

const differing = first.cases.filter(({ name }, i) => devices.some(({ cases }) => cases[i].verdict !== first.cases[i].verdict || cases[i].name !== name));
const ops = [...new Set(first.cases.map(({ op }) => op))].sort();
const lines = ops.map((op) => {
  const own = first.cases.filter((test) => test.op === op);
  const reasons = [...new Set(own.flatMap((test) => (test.reason ? [test.reason.replace(/(holds|reaches|is) -?[\d.]+/, '$1 …')] : [])))];
  const why = reasons.length > 2 ? [...reasons.slice(0, 2), '…'] : reasons;
  const ort = own.filter((test) => test.onnxruntime).length;
  return `| ${op} | ${count(own, 'passed')} | ${count(own, 'unsupported')} | ${count(own, 'failed')} | ${ort} | ${why.join('; ').replaceAll('|', '/')} |`;
});

writeFileSync(
  new URL('RESULTS.md', import.meta.url),
  `# ONNX's operator tests

Written by \`node conformance/onnx/table.mjs\` from the lines of \`gradloom verify onnx --json\`; what the cases and the core are
stands in [README.md](README.md). ONNX Runtime is version 1.30.0 on a CPU, given the same cases and tolerance.

| cases | device | passed | unsupported | failed | ONNX Runtime passes |
| --- | --- | --- | --- | --- | --- |
${[...row('core', (cases) => cases.filter((test) => test.core)), ...row('all', (cases) => cases)].join('\n')}

${differing.length === 0 ? 'Every case has the same verdict on each device.' : `Verdicts differ between devices in: ${differing.map(({ name }) => name).join(', ')}.`}
In ${count(first.cases.filter((test) => test.kernelFree), 'passed')} of the passed cases the result does not depend on an input that stays variable (constants, shapes, ranges), so
that it is computed while the model is imported and no device has anything to do.

## By operator
Expansions of a function into other operators are counted with the function. Counts are those of ${first.summary.backend}.

| operator | passed | unsupported | failed | ONNX Runtime passes | what is not there |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`,
);
