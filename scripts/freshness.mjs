import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Whether `output` is missing or older than anything in `sources` (files and folders). */
export function isStale(output, sources) {
  if (!existsSync(output)) return true;
  const made = statSync(output).mtimeMs;
  return sources.some((source) => newest(source) > made);
}

function newest(entry) {
  const stats = statSync(entry);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(entry).reduce((latest, name) => Math.max(latest, newest(path.join(entry, name))), stats.mtimeMs);
}
