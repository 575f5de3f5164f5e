import { expect, type Page, test } from '@playwright/test';

test.use({ locale: 'zh-CN' });

/** Names that are the field's own in every language, and what data sets say of themselves. */
const OWN_NAMES = [
  /scikit-learn|Zalando|npm package|Isaac Newton|Drawn from a seed|BSD-3-Clause|public domain/,
  /^(Keras|PyTorch) /,
  /PyTorch 2|SwiftShader/,
];

/** Three words of Latin letters in a row: no name of a layer or a parameter has so many. */
const SENTENCE = /[A-Za-z][a-z’']+(?:,? [a-z’']+){2,}/;

/** Words that are no names, even alone between Chinese ones. */
const WORD = /(?<![-\w])(and|or|threads?|layers?|wires?|the|with|likewise|got)(?![-\w])/;

/** Everything that can be read or heard on the page just now, code and the names of layers left out. */
function wordsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const left = '.monaco-editor, [data-name-field], code, script, style';
    const found: string[] = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const { parentElement: parent, textContent } = nodes.currentNode;
      if (parent && !parent.closest(left) && parent.checkVisibility()) found.push(textContent ?? '');
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      if (element.closest(left)) continue;
      for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name) ?? '');
    }
    return found;
  });
}

test('no English sentence is left on the page in Chinese', async ({ page }) => {
  const english = new Map<string, string>();
  const look = async (where: string) => {
    for (const text of await wordsOf(page)) {
      if ((SENTENCE.test(text) || WORD.test(text)) && !OWN_NAMES.some((name) => name.test(text)))
        english.set(text.trim(), where);
    }
  };
  const dialog = async (where: string, key: string) => {
    await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    await look(where);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  await page.goto('./');
  await look('first visit');
  for (let step = 0; step < 4; step++) {
    await page.getByRole('button', { name: '下一步' }).click();
    await look('tour');
  }
  await page.getByRole('button', { name: '开始搭建' }).click();

  await dialog('commands', 'Control+k');
  await dialog('shortcuts', 'h');
  await dialog('projects', 'Control+o');
  for (const menu of ['设置', '保存、打开和分享', /^数据集/, /^设备/]) {
    await page.getByRole('button', { name: menu }).click();
    await page.getByRole('menu').waitFor();
    await look(`menu ${menu}`);
    await page.keyboard.press('Escape');
  }
  for (const layer of await page.locator('.react-flow__node').all()) {
    await layer.click();
    await look('inspector');
    await layer.click({ button: 'right' });
    await look('menu of a layer');
    await page.keyboard.press('Escape');
  }
  // Searches and menus over the canvas, frames, notes, several layers, blocks, and notices.
  const pane = page.locator('.react-flow__pane');
  const key = async (keys: string, where: string) => {
    await page.keyboard.press(keys);
    await page.waitForTimeout(250);
    await look(where);
  };
  await pane.click({ position: { x: 8, y: 8 } });
  await key('/', 'search to add');
  await page.keyboard.press('Escape');
  await key('Control+f', 'search for layers');
  await page.keyboard.press('Escape');
  await pane.click({ position: { x: 8, y: 8 }, button: 'right' });
  await page.getByRole('menu').waitFor();
  await look('menu of the canvas');
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__edge').first().click({ button: 'right', force: true });
  await page.getByRole('menu').waitFor();
  await look('menu of a wire');
  await page.keyboard.press('Escape');
  await page.getByTestId('node-ReLU').first().click();
  await key('r', 'search to replace');
  await page.keyboard.press('Escape');
  await key('c', 'search to connect');
  await page.keyboard.press('Escape');
  await page.getByTestId('node-Flatten').click();
  await page
    .getByTestId('node-Linear')
    .first()
    .click({ modifiers: ['Control'] });
  await look('several layers');
  await key('Control+g', 'a frame');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menu').waitFor();
  await look('menu of a frame');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await pane.click({ position: { x: 8, y: 8 } });
  await key('n', 'a note');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await page.getByTestId('node-Flatten').click();
  await page
    .getByTestId('node-Linear')
    .first()
    .click({ modifiers: ['Control'] });
  await key('Control+Alt+g', 'a block');
  await page.getByRole('button', { name: '把模块保存到库' }).click();
  await page.locator('[data-sonner-toast]').first().waitFor();
  await look('notice of a block that is kept');
  await page.getByRole('button', { name: '编辑模块内部' }).click();
  await key('Escape', 'inside of a block');
  await page.getByTestId('node-Linear').click();
  await look('a layer inside of a block');
  await dialog('history', 'Control+Alt+h');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await page.getByRole('button', { name: /^数据集/ }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('表格');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await look('own tables');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '{"format":"gradloom-selection","version":4,"nodes":3}');
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  });
  await page.locator('[data-sonner-toast]').first().waitFor();
  await look('a notice of what can not be pasted');
  // Something that is wrong, with its remedies, in the inspector and among the problems.
  await page.locator('.react-flow__node', { hasText: 'Linear' }).first().click();
  await page.getByLabel('In features', { exact: true }).fill('3');
  await page.getByLabel('Out features', { exact: true }).fill('0');
  await look('a problem');

  const tabs = await page.getByRole('tab').all();
  for (const tab of tabs) {
    if ((await tab.getAttribute('data-state')) === null) await tab.click();
    // Panels are fetched when they are first shown.
    await page.waitForTimeout(400);
    await look('panels before a run');
  }
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/步/).first().waitFor();
  await page.waitForTimeout(3000);
  for (const tab of await page.getByRole('tab').all()) {
    if ((await tab.getAttribute('data-state')) === null) await tab.click();
    await page.waitForTimeout(400);
    await look('panels of a run');
  }
  expect([...english]).toEqual([]);
});
