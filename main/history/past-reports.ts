import { type Cell, FIVE_MINUTES_MS } from './aggregates.ts';
import { isBack, isBeyond, type Rule, type Standing, stand } from './standing.ts';

/** Of what is left of five minutes, in the unit of the metric. */
type Summary = Readonly<Cell>;

/** What a rule would have done to one device. */
export interface Raised {
  times: number;
  /** While it was raised, ms. */
  ms: number;
}

/**
 * Puts a rule through the past of one device, report by report, by the very judgement of the present. Where a summary
 * has reports on both sides of the level, so many are taken for the worst and the rest for the best as give its mean,
 * each in one piece, next to their like before and behind. Exact wherever reports came so, and wherever each summary
 * lies on one side. Over a gap a rule stands as it did, as it does at present.
 * @param summaries in the order of time
 */
export function raisedBy(rule: Rule, summaries: readonly Summary[]): Raised {
  let standing: Standing = { beyond: 0, raised: false };
  const answer: Raised = { times: 0, ms: 0 };
  for (const [at, summary] of summaries.entries()) {
    // Nearly all of a week is one of these two.
    if (!standing.raised && !isBeyond(rule, worstOf(rule, summary))) {
      standing = { beyond: 0, raised: false };
      continue;
    }
    if (standing.raised && !isBack(rule, bestOf(rule, summary))) {
      answer.ms += FIVE_MINUTES_MS;
      continue;
    }
    const before = standing.raised || standing.beyond > 0;
    const next = summaries[at + 1];
    const after = next !== undefined && isBeyond(rule, worstOf(rule, next));
    let raised = 0;
    for (const [value, count] of piecesOf(rule, summary, before, after))
      for (let i = 0; i < count; i++) {
        const was = standing.raised;
        standing = stand(rule, standing, value);
        if (standing.raised && !was) answer.times += 1;
        if (standing.raised) raised += 1;
      }
    answer.ms += (raised / summary.count) * FIVE_MINUTES_MS;
  }
  return answer;
}

const bestOf = ({ side }: Rule, { min, max }: Summary): number => (side === 'above' ? min : max);
const worstOf = ({ side }: Rule, { min, max }: Summary): number => (side === 'above' ? max : min);

type Piece = readonly [value: number, count: number];

/** @param before whether the report before them was beyond the level @param after whether any behind them are */
function piecesOf(rule: Rule, summary: Summary, before: boolean, after: boolean): readonly Piece[] {
  const { count, sum } = summary;
  const best = bestOf(rule, summary);
  const worst = worstOf(rule, summary);
  if (best === worst || count === 1) return [[worst, count]];
  const share = (sum / count - best) / (worst - best);
  const bad = Math.min(count - 1, Math.max(1, Math.round(count * share)));
  const good = count - bad;
  if (before && after)
    return [
      [worst, Math.ceil(bad / 2)],
      [best, good],
      [worst, Math.floor(bad / 2)],
    ];
  const lead = before ? 0 : after ? good : Math.ceil(good / 2);
  return [
    [best, lead],
    [worst, bad],
    [best, good - lead],
  ];
}
