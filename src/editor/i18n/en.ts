import { enBlocks } from './enBlocks.ts';
import { enEditing } from './enEditing.ts';
import { enPanels } from './enPanels.ts';

/**
 * Every word of the page in English. The other catalogues have this one's type, so that a missing or mistaken entry is
 * a type error. Names of layers and their parameters are the field's own and are not translated.
 */
export const en = {
  status: {
    saved: 'Saved in this browser',
    saving: 'Saving…',
    failed: 'Not saved: this browser refuses',
    readOnly: 'Read only',
    noProblems: 'No problems',
    errors: (count: number) => (count === 1 ? '1 error' : `${count} errors`),
    problems: (count: number) => (count === 1 ? '1 problem' : `${count} problems`),
    warnings: (count: number) => (count === 1 ? '1 warning' : `${count} warnings`),
    parameters: (count: string) => `${count} parameters`,
    multiplyAdds: (count: string) => `${count} multiply-adds a sample`,
  },
  page: {
    loading: 'Loading…',
    panelFailed: (reason: string) => `This panel failed: ${reason}`,
    tryAgain: 'Try again',
  },
  bar: {
    name: 'Model name',
  },
  areas: { palette: 'Width of the palette', side: 'Width of the details', bottom: 'Height of the results' },
  docks: {
    side: 'Details',
    bottom: 'Results',
    empty: 'Drag a tab here.',
    hint: 'Drag to move it, also to the other dock; Alt with an arrow key does the same',
    names: {
      inspector: 'Inspector',
      training: 'Training',
      code: 'Code',
      charts: 'Charts',
      predictions: 'Predictions',
      confusion: 'Confusion',
      draw: 'Draw',
      profile: 'Profile',
      problems: 'Problems',
    },
  },
  settings: {
    menu: 'Settings',
  },
  files: {
    menu: 'Save, open and share',
    notSaved: 'The project could not be saved',
    opened: (name: string) => `“${name}” is open`,
    withWeights: 'The file holds trained weights.',
    useWeights: 'Train on from them',
    notOpened: (name: string) => `“${name}” could not be opened`,
    linkCopied: 'The link is on the clipboard',
    linkHint: 'It holds the model itself; nothing was uploaded.',
    linkFailed: 'No link could be made',
    badLink: 'The model in the link could not be opened',
    unknownFile: (name: string) => `“${name}” is no project`,
    knownFiles: 'Drop a .gradloom file, or the .json of a document.',
  },
  tour: {
    title: 'Tour of the page',
    leave: 'Leave the tour',
    back: 'Back',
    next: 'Next',
    done: 'Start building',
    place: (step: number, of: number) => `${step} of ${of}`,
    steps: [
      [
        'Layers',
        'Everything a network is made of. Search, then drag a layer onto the canvas, or press Enter to add it.',
      ],
      [
        'The canvas',
        'Join layers with wires. Shapes stand on every wire; what does not fit says why, and how to mend it.',
      ],
      ['Train', 'This model is ready: press Train. It runs on your own device, and nothing is uploaded.'],
      ['Results', 'Curves grow here. Then look at predictions, confusions, or draw a digit of your own.'],
      [
        'Details and code',
        'The selected layer’s parameters, training settings, and the same model as PyTorch, Keras and TypeScript.',
      ],
    ] as readonly (readonly [title: string, text: string])[],
  },
  blocks: enBlocks,
  ...enEditing,
  ...enPanels,
  projects: {
    title: 'Projects',
    close: 'Close',
    start: 'Start something new',
    empty: 'Empty canvas',
    emptyHint: 'Drag layers onto it and join them with wires.',
    recent: 'Recent projects',
    none: 'Nothing yet: what you build is kept here, in this browser.',
    templates: 'Templates',
    untitled: 'Untitled model',
    actions: (name: string) => `Actions for ${name}`,
    rename: 'Rename',
    renamed: 'New name',
    duplicate: 'Duplicate',
    remove: 'Delete',
    removed: (name: string) => `“${name}” was deleted`,
    undo: 'Undo',
    open: 'open now',
    layers: (count: number) => (count === 1 ? '1 layer' : `${count} layers`),
    accuracy: (percent: string) => `${percent}% right`,
    loss: (value: string) => `loss ${value}`,
    edited: (when: string) => `edited ${when}`,
    expectedAccuracy: (percent: string, epochs: number) => `${percent}% accuracy after ${epochs} epochs`,
    expectedLoss: (value: string, epochs: number) => `test loss ${value} after ${epochs} epochs`,
    expectedScore: (value: string, epochs: number) => `inception score ${value} after ${epochs} epochs`,
    level: { beginner: 'beginner', intermediate: 'intermediate', advanced: 'advanced' },
    copyOf: (name: string) => `Copy of ${name}`,
    opened: (name: string) => `“${name}” is open as a new project`,
    openedHint: (name: string) => `“${name}” stays among your projects.`,
    goBack: 'Go back',
    unreadable: (name: string) => `“${name}” could not be opened`,
    nothingKept: (reason: string) =>
      `This browser keeps nothing here (${reason}): your work is lost when the page closes.`,
    damaged: (key: string, reason: string) =>
      `The saved document can't be read and was set aside as “${key}”: ${reason}`,
    newer: 'This project was made by a newer Gradloom',
    newerHint: 'It can be looked at and is not overwritten. What this version does not know is not shown.',
    otherTab: 'Another tab edits this project',
    otherTabHint: 'You see here what is saved there. Close the other tab to edit it here.',
    editCopy: 'Edit a copy',
    yours: 'The other tab is closed: this project can be edited here now',
  },
};

export type Messages = typeof en;
