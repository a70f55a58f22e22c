import type { IconName } from '../controls/icons.ts';
import type { MenuAnchor } from '../shell/menu-place.ts';

/** One line of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  /** The key that does the same. */
  readonly key?: string;
  readonly disabled?: boolean;
  readonly run: () => void;
}

/** A menu that is open: what is in it, and where. */
export interface OpenMenu extends MenuAnchor {
  /** Its name for screen readers. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Gets the focus back. */
  readonly from: HTMLElement | null;
}

/** The one menu that can be open, whoever opened it: a button, or a right click. */
export class MenuStore {
  current = $state.raw<OpenMenu | null>(null);

  /** Opens a menu under a button. */
  under(button: HTMLElement, label: string, items: readonly MenuItem[], align: MenuAnchor['align']): void {
    const { left, top, right, bottom } = button.getBoundingClientRect();
    this.current = {
      label,
      items,
      at: { left, top: top - 4, right, bottom: bottom + 4 },
      align,
      from: button,
    };
  }

  /**
   * Opens a menu where a right click or the menu key was pressed, in place of the browser's. The key has no place of its
   * own: the menu opens inside what has the focus.
   */
  atPointer(event: MouseEvent, label: string, items: readonly MenuItem[]): void {
    event.preventDefault();
    const from =
      event.target instanceof Element ? event.target.closest<HTMLElement>('button, [tabindex]') : null;
    const byKey = event.button !== 2 || (event.clientX === 0 && event.clientY === 0);
    const box = byKey ? from?.getBoundingClientRect() : undefined;
    const left = box === undefined ? event.clientX : box.left + 12;
    const top = box === undefined ? event.clientY : box.top + 12;
    this.current = { label, items, at: { left, top, right: left, bottom: top }, align: 'start', from };
  }

  /** Closes it; the focus goes back to where it came from. */
  close(): void {
    const from = this.current?.from;
    this.current = null;
    from?.focus({ preventScroll: true });
  }
}
