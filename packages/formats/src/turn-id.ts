/** Id of a turn of a question, counted from 1: the first has the question's own, as in the datasets. `81`, `81-2`. */
export function turnId(question: string, turn: number): string {
  return turn === 1 ? question : `${question}-${turn}`;
}
