import { useCallback, useState } from 'react';

/** Beginning and end of what is to be exported or kept, UTC ms. */
export interface Marks {
  readonly from: number | null;
  readonly to: number | null;
}

/** Sets one end; an end on the wrong side of the other one takes the other one away. */
export function withMark(marks: Marks, end: 'in' | 'out', utc: number): Marks {
  const at = Math.round(utc);
  return end === 'in'
    ? { from: at, to: marks.to !== null && marks.to > at ? marks.to : null }
    : { from: marks.from !== null && marks.from < at ? marks.from : null, to: at };
}

const NONE: Marks = { from: null, to: null };

export function useMarks() {
  const [marks, setMarks] = useState<Marks>(NONE);
  const mark = useCallback(
    (end: 'in' | 'out', utc: number) => setMarks((before) => withMark(before, end, utc)),
    [],
  );
  const clear = useCallback(() => setMarks(NONE), []);
  return { marks, mark, clear };
}
