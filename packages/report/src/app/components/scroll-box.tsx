import type { ComponentChildren, VNode } from "preact";

interface ScrollBoxProps {
  readonly class: string;
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A box that scrolls by itself, and can be reached and scrolled by keyboard. */
export function ScrollBox({ class: className, label, children }: ScrollBoxProps): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section class={className} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
