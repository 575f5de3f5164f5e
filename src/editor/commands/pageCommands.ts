import {
  Blocks,
  ChartSpline,
  CodeXml,
  FileDown,
  FileSpreadsheet,
  FileUp,
  FolderOpen,
  History,
  Keyboard,
  Languages,
  Link2,
  type LucideIcon,
  Monitor,
  Moon,
  Redo2,
  ScanSearch,
  Search,
  Sun,
  Undo2,
  Waypoints,
} from 'lucide-react';
import { type LanguageChoice, languageChoice, setLanguage } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';
import { sessionStore, setTheme, type Theme } from '../stores/session.ts';
import type { Command } from './command.ts';
import { applyLayout, type Layout } from './layouts.ts';

// What the bar above the page holds: these come with the first picture, all other commands after it.

/** Fetched when it is wanted. */
const projectFiles = () => import('../stores/projectFiles.ts');

const past = () => documentStore.getState().history.past;
const future = () => documentStore.getState().history.future;

export const undo: Command = {
  id: 'undo',
  label: 'Undo',
  group: 'Edit',
  icon: Undo2,
  keys: ['$mod+z'],
  detail: () => past().at(-1)?.label,
  enabled: () => past().length > 0,
  run: () => documentStore.getState().undo(),
};

export const redo: Command = {
  id: 'redo',
  label: 'Redo',
  group: 'Edit',
  icon: Redo2,
  keys: ['$mod+Shift+z', '$mod+y'],
  detail: () => future()[0]?.label,
  enabled: () => future().length > 0,
  run: () => documentStore.getState().redo(),
};

export const history: Command = {
  id: 'history',
  label: 'History…',
  group: 'Edit',
  icon: History,
  keys: ['$mod+Alt+KeyH'],
  enabled: () => past().length + future().length > 0,
  run: () => sessionStore.setState({ dialog: 'history' }),
};

export const allCommands: Command = {
  id: 'commands',
  label: 'All commands…',
  group: 'Help',
  icon: Search,
  keys: ['$mod+k', '$mod+Shift+p'],
  whileTyping: true,
  run: () => sessionStore.setState({ dialog: 'commands' }),
};

export const shortcuts: Command = {
  id: 'shortcuts',
  label: 'Keyboard shortcuts',
  group: 'Help',
  icon: Keyboard,
  keys: ['Shift+?', 'h'],
  run: () => sessionStore.setState({ dialog: 'shortcuts' }),
};

export const tour: Command = {
  id: 'tour',
  label: 'Tour of the page',
  group: 'Help',
  icon: Waypoints,
  run: () => sessionStore.setState({ tour: true }),
};

export const openProjects: Command = {
  id: 'projects',
  label: 'Projects',
  group: 'File',
  icon: FolderOpen,
  keys: ['$mod+o'],
  whileTyping: true,
  run: () => sessionStore.setState({ dialog: 'projects' }),
};

export const openTables: Command = {
  id: 'tables',
  label: 'Your own table (CSV)…',
  group: 'File',
  icon: FileSpreadsheet,
  run: () => sessionStore.setState({ dialog: 'tables' }),
};

/** The menu for the project's file. */
export const fileCommands: readonly Command[] = [
  {
    id: 'save-file',
    label: 'Save as a file (.gradloom)',
    group: 'File',
    icon: FileDown,
    keys: ['$mod+s'],
    whileTyping: true,
    run: () => void projectFiles().then(({ saveProjectFile }) => saveProjectFile()),
  },
  {
    id: 'open-file',
    label: 'Open a file…',
    group: 'File',
    icon: FileUp,
    run: () => void projectFiles().then(({ chooseProjectFile }) => chooseProjectFile()),
  },
  {
    id: 'copy-link',
    label: 'Copy a link to this model',
    group: 'File',
    icon: Link2,
    run: () => void projectFiles().then(({ copyShareLink }) => copyShareLink()),
  },
];

const layout = (id: Layout, label: string, icon: LucideIcon): Command => ({
  id: `layout-${id}`,
  label,
  group: 'View',
  icon,
  run: () => applyLayout(id),
});

export const layoutCommands: readonly Command[] = [
  layout('build', 'Layout: build', Blocks),
  layout('train', 'Layout: train', ChartSpline),
  layout('inspect', 'Layout: inspect', ScanSearch),
  layout('code', 'Layout: code', CodeXml),
];

const theme = (id: Theme, label: string, icon: LucideIcon): Command => ({
  id: `theme-${id}`,
  label,
  group: 'View',
  icon,
  checked: () => sessionStore.getState().theme === id,
  run: () => setTheme(id),
});

/** One of these is on. */
export const themeCommands: readonly Command[] = [
  theme('system', 'Theme of the system', Monitor),
  theme('light', 'Light theme', Sun),
  theme('dark', 'Dark theme', Moon),
];

const language = (id: LanguageChoice, label: string): Command => ({
  id: `language-${id}`,
  label,
  group: 'View',
  icon: Languages,
  checked: () => languageChoice() === id,
  run: () => void setLanguage(id),
});

/** One of these is on. A language is named in itself, so that everybody finds theirs. */
export const languageCommands: readonly Command[] = [
  language('system', 'Language of the browser'),
  language('en', 'English'),
  language('zh', '简体中文'),
];
