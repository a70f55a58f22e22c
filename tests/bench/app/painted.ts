import type { Page } from 'playwright-core';

/**
 * Milliseconds from the next press of a key to the paint of what it brought about. `press` presses keys, of which the
 * last counts; `selector` is what has to appear, `gone` a text that must no longer stand anywhere in the page.
 */
export async function fromKeyToPaint(
  page: Page,
  press: () => Promise<void>,
  expected: { readonly selector: string; readonly gone?: string },
): Promise<number> {
  const watch = await page.evaluateHandle(watchForPaint, { gone: null, patience: 20_000, ...expected });
  await press();
  const milliseconds = await watch.evaluate(({ painted }) => painted);
  await watch.dispose();
  if (milliseconds === null) throw new Error(`${expected.selector} did not appear.`);
  return milliseconds;
}

/** Runs in the page. The promise is wrapped, so that the caller gets it before it is settled. */
function watchForPaint({
  selector,
  gone,
  patience,
}: {
  selector: string;
  gone: string | null;
  patience: number;
}): { painted: Promise<number | null> } {
  let pressed = performance.now();
  const onkeydown = (event: KeyboardEvent): void => {
    pressed = event.timeStamp;
  };
  addEventListener('keydown', onkeydown, { capture: true });
  const painted = new Promise<number | null>((resolve) => {
    const finish = (milliseconds: number | null): void => {
      clearTimeout(late);
      changes.disconnect();
      removeEventListener('keydown', onkeydown, { capture: true });
      resolve(milliseconds);
    };
    const changes = new MutationObserver(() => {
      if (document.querySelector(selector) === null) return;
      if (gone !== null && document.body.textContent.includes(gone)) return;
      changes.disconnect();
      // A task that a frame's callback posts runs when that frame has been painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          finish(performance.now() - pressed);
        };
        port2.postMessage(null);
      });
    });
    const late = setTimeout(finish, patience, null);
    changes.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  return { painted };
}
