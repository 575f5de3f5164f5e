import { useEffect, useRef } from 'react';
import { isDark, themeHex, useThemeVersion } from '../../editor/ui/themeColors.ts';
import './code.css';
import { type LineEdit, lineEdit } from './lineEdit.ts';
import { editor, Range } from './monaco.ts';

const THEME = 'gradloom';
const CHANGE_SHOWN = 1600;

type Editor = ReturnType<typeof editor.create>;
type Model = NonNullable<ReturnType<Editor['getModel']>>;

/** Read-only source code in Monaco. A new text keeps the place that is looked at, and marks what changed for a moment. */
export default function CodeView(props: {
  readonly text: string;
  readonly language: 'python' | 'typescript';
  /** Texts with different names keep a scroll position each. */
  readonly name: string;
  readonly label: string;
}) {
  const { text, language, name, label } = props;
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<Editor>(undefined);
  const models = useRef(new Map<string, { model: Model; state: ReturnType<Editor['saveViewState']> }>());
  const theme = useThemeVersion();

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    defineTheme();
    const created = editor.create(element, {
      model: null,
      theme: THEME,
      readOnly: true,
      domReadOnly: true,
      automaticLayout: true,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono') || 'monospace',
      fontSize: 12.5,
      lineHeight: 20,
      lineNumbersMinChars: 4,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      renderLineHighlight: 'none',
      overviewRulerLanes: 0,
      overviewRulerBorder: false,
      hideCursorInOverviewRuler: true,
      guides: { indentation: false },
      padding: { top: 10, bottom: 10 },
      scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
      contextmenu: false,
      // Tab leaves the view: it takes no text.
      tabFocusMode: true,
    });
    view.current = created;
    const kept = models.current;
    return () => {
      created.dispose();
      for (const { model } of kept.values()) model.dispose();
      kept.clear();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme means new colours
  useEffect(() => {
    defineTheme();
    editor.setTheme(THEME);
  }, [theme]);

  useEffect(() => view.current?.updateOptions({ ariaLabel: label }), [label]);

  useEffect(() => {
    const shown = view.current;
    if (!shown) return;
    const entry = models.current.get(name) ?? { model: editor.createModel(text, language), state: null };
    models.current.set(name, entry);
    if (shown.getModel() !== entry.model) {
      shown.setModel(entry.model);
      shown.restoreViewState(entry.state);
    }
    const edit = lineEdit(entry.model.getValue(), text);
    let marked: ReturnType<Editor['createDecorationsCollection']> | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (edit) {
      replaceLines(entry.model, edit);
      if (edit.added.length > 0) {
        const range = new Range(edit.from, 1, edit.from + edit.added.length - 1, 1);
        marked = shown.createDecorationsCollection([
          { range, options: { isWholeLine: true, className: 'gradloom-changed-line' } },
        ]);
        timer = setTimeout(() => marked?.clear(), CHANGE_SHOWN);
      }
    }
    return () => {
      clearTimeout(timer);
      marked?.clear();
      entry.state = shown.saveViewState();
    };
  }, [text, language, name]);

  return <div ref={frame} className="nokey h-full min-h-0 w-full" />;
}

// Positions that exist: lines after the last one are put behind it, and taking the last ones takes the break before them.
function replaceLines(model: Model, { from, removed, added }: LineEdit): void {
  const last = model.getLineCount();
  const next = from + removed;
  const lines = added.join('\n');
  if (next <= last) {
    model.applyEdits([{ range: new Range(from, 1, next, 1), text: added.length > 0 ? `${lines}\n` : '' }]);
  } else if (from === 1) {
    model.setValue(lines);
  } else {
    const end = new Range(from - 1, model.getLineMaxColumn(from - 1), last, model.getLineMaxColumn(last));
    model.applyEdits([{ range: end, text: added.length > 0 ? `\n${lines}` : '' }]);
  }
}

function defineTheme(): void {
  const color = (token: string): string => themeHex(token);
  editor.defineTheme(THEME, {
    base: isDark() ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [{ token: 'comment', foreground: color('muted').slice(1), fontStyle: 'italic' }],
    colors: {
      'editor.background': color('surface'),
      'editor.foreground': color('ink'),
      'editorLineNumber.foreground': color('muted'),
      'editorLineNumber.activeForeground': color('muted'),
      'editorGutter.background': color('surface'),
      'editorWidget.background': color('raised'),
      'editorWidget.border': color('line'),
      focusBorder: color('accent'),
    },
  });
}
