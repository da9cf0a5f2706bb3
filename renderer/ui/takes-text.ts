/** Whether keys belong to the text or the choice that is being made there. */
export const takesText = (element: HTMLElement): boolean =>
  element.isContentEditable || element.closest('input, textarea, select, [role="combobox"]') !== null;
