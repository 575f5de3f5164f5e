import { writeProject } from './generate.ts';
import { CommandError, choiceOption, type Options } from './options.ts';
import { sourceDocument } from './sources.ts';

/** Writes a runnable project for another framework, or for the engine itself. */
export async function generateCommand(options: Options): Promise<void> {
  const target = choiceOption(options, 'target', ['pytorch', 'keras', 'typescript']);
  if (!target) throw new CommandError('--target pytorch, keras or typescript is needed');
  const { out } = options.values;
  if (!out) throw new CommandError('--out DIR is needed');
  const document = await sourceDocument(undefined, options);
  const files = await writeProject(document, target, out);
  if (options.flags.has('json')) process.stdout.write(`${JSON.stringify({ event: 'written', target, out, files })}\n`);
  else process.stdout.write(`${files.map((file) => `  ${file}`).join('\n')}\nwritten to ${out}\n`);
}
