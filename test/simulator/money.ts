/** Minor units as a decimal text with two places, such as `-12.05`. */
export function decimal(minor: number): string {
  const cents = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${cents.slice(0, -2)}.${cents.slice(-2)}`;
}

/** Shares of an amount in the proportion of weights; they add up to it exactly. */
export function shares(amount: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let weightBefore = 0;
  let givenBefore = 0;
  return weights.map((weight) => {
    weightBefore += weight;
    const given = whole === 0 ? 0 : Math.round((amount * weightBefore) / whole);
    const share = given - givenBefore;
    givenBefore = given;
    return share;
  });
}
