// What the code view needs of Monaco: the bare editor, a few of its features and two languages' colours. Loaded when the
// panel first opens. The language services are left out: they are 1.5 MB, and this view is read-only.
import { editor, Range } from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/typescript/register';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

export { editor, Range };
