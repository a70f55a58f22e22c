/** How far outside of the window something counts as coming into sight. */
const MARGIN = '200px';

const listeners = new WeakMap<Element, (inSight: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Tells whether an element is in sight, or nearly: now and whenever that changes, until the returned function is called. */
export function watchSight(element: Element, listener: (inSight: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  listeners.set(element, listener);
  observer.observe(element);
  return () => {
    observer?.unobserve(element);
    listeners.delete(element);
  };
}
