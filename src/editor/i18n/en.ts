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
  },
  bar: {
    projects: 'Projects',
    projectsHint: 'Your projects, templates and files (Ctrl+O)',
  },
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
