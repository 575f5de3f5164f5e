import { EngineError } from '../engine/errors.ts';
import { generateCommand } from './generateCommand.ts';
import { layersCommand, templatesCommand } from './listCommands.ts';
import { lossesCommand } from './lossesCommand.ts';
import { CommandError, parseOptions } from './options.ts';
import { planCommand } from './planCommand.ts';
import { profileCommand } from './profileCommand.ts';
import { trainCommand } from './trainCommand.ts';
import { tuneCommand } from './tuneCommand.ts';
import { verifyCommand } from './verify/verifyCommand.ts';

const HELP = `Gradloom from a shell

  gradloom train     --template ID | --document FILE  [--dataset ID] [--epochs N] [--batch-size N]
                     [--seed N] [--backend auto|webgpu|wasm|reference] [--threads N] [--tuned] [--json]
  gradloom generate  --template ID | --document FILE  --target pytorch|keras|typescript  --out DIR
  gradloom losses    FILE.json | --template ID  [--weights W.safetensors] [--batches B.npy] [--steps N]
                     [--save-weights F.safetensors] [--backend NAME] [--threads N] [--json]
  gradloom plan      [--template ID | --document FILE] [--batch-size N] [--dataset ID] [--backend NAME] [--json]
  gradloom profile   --template ID | --document FILE  [--batch-size N] [--dataset ID] [--backend NAME]
                     [--repeats N] [--threads N] [--tuned] [--json]
  gradloom tune      --template ID | --document FILE  [--batch-size N] [--dataset ID] [--json]
                     measures kernels on this GPU; train and profile use what it found with --tuned
  gradloom verify    [SUITE] [--backend wasm|webgpu|reference] [--filter NAME] [--quick] [--json]
  gradloom templates [--json]
  gradloom layers    [--json | --html]
`;

async function main(words: readonly string[]): Promise<void> {
  const [command, ...rest] = words;
  switch (command) {
    case 'train':
      return trainCommand(
        parseOptions(
          rest,
          ['template', 'document', 'dataset', 'epochs', 'batch-size', 'seed', 'backend', 'threads'],
          ['json', 'tuned'],
        ),
      );
    case 'generate':
      return generateCommand(parseOptions(rest, ['template', 'document', 'target', 'out', 'dataset'], ['json']));
    case 'losses': {
      const file = rest[0]?.startsWith('--') ? undefined : rest[0];
      const valued = ['template', 'document', 'weights', 'batches', 'steps', 'save-weights', 'backend', 'threads'];
      return lossesCommand(file, parseOptions(file === undefined ? rest : rest.slice(1), valued, ['json']));
    }
    case 'plan':
      return planCommand(parseOptions(rest, ['template', 'document', 'dataset', 'batch-size', 'backend'], ['json']));
    case 'profile': {
      const valued = ['template', 'document', 'dataset', 'batch-size', 'backend', 'threads', 'repeats'];
      return profileCommand(parseOptions(rest, valued, ['json', 'tuned']));
    }
    case 'tune':
      return tuneCommand(parseOptions(rest, ['template', 'document', 'batch-size', 'dataset'], ['json']));
    case 'verify': {
      const suite = rest[0]?.startsWith('--') ? undefined : rest[0];
      const words = suite === undefined ? rest : rest.slice(1);
      return verifyCommand(suite, parseOptions(words, ['backend', 'filter'], ['json', 'quick']));
    }
    case 'templates':
      return templatesCommand(parseOptions(rest, [], ['json']));
    case 'layers':
      return layersCommand(parseOptions(rest, [], ['json', 'html']));
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(HELP);
      return;
    default:
      throw new CommandError(
        `unknown command "${command}": expected train, generate, losses, plan, profile, tune, verify, templates or layers`,
      );
  }
}

// A reader that has seen enough (`| head`) closes its end: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

main(process.argv.slice(2)).catch((error: unknown) => {
  // One clear line for what a user can mend; the stack only for what is our own fault.
  const expected = error instanceof CommandError || error instanceof EngineError;
  process.stderr.write(
    expected ? `gradloom: ${error.message}\n` : `gradloom: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = error instanceof CommandError ? 2 : 1;
});
