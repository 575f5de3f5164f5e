import { EngineError } from '../engine/errors.ts';
import { generateCommand } from './generateCommand.ts';
import { layersCommand, templatesCommand } from './listCommands.ts';
import { CommandError, parseOptions } from './options.ts';
import { trainCommand } from './trainCommand.ts';

const HELP = `Gradloom from a shell

  gradloom train     --template ID | --document FILE  [--dataset ID] [--epochs N] [--batch-size N]
                     [--seed N] [--backend auto|webgpu|wasm|reference] [--json]
  gradloom generate  --template ID | --document FILE  --target pytorch|keras|typescript  --out DIR
  gradloom templates [--json]
  gradloom layers    [--json]
`;

async function main(words: readonly string[]): Promise<void> {
  const [command, ...rest] = words;
  switch (command) {
    case 'train':
      return trainCommand(
        parseOptions(rest, ['template', 'document', 'dataset', 'epochs', 'batch-size', 'seed', 'backend'], ['json']),
      );
    case 'generate':
      return generateCommand(parseOptions(rest, ['template', 'document', 'target', 'out', 'dataset'], ['json']));
    case 'templates':
      return templatesCommand(parseOptions(rest, [], ['json']));
    case 'layers':
      return layersCommand(parseOptions(rest, [], ['json']));
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(HELP);
      return;
    default:
      throw new CommandError(`unknown command "${command}": expected train, generate, templates or layers`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // One clear line for what a user can mend; the stack only for what is our own fault.
  const expected = error instanceof CommandError || error instanceof EngineError;
  process.stderr.write(
    expected ? `gradloom: ${error.message}\n` : `gradloom: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = error instanceof CommandError ? 2 : 1;
});
