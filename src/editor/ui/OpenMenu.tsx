import { DropdownMenu } from 'radix-ui';
import type { MenuButtonProps } from './MenuButton.tsx';
import { MenuPanel } from './MenuPanel.tsx';

/** A button whose menu is open at first; the whole of what `MenuButton` stands in for until then. */
function OpenMenu(props: MenuButtonProps) {
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger
        disabled={props.disabled}
        aria-label={props.label}
        title={props.title}
        className={props.className}
      >
        {props.children}
      </DropdownMenu.Trigger>
      <MenuPanel entries={props.entries} align={props.align} />
    </DropdownMenu.Root>
  );
}

export default OpenMenu;
