/** A matrix whose rows lie in fours, column by column, so that four sums are made in one pass over a vector. */
export interface PackedMatrix {
  readonly columns: number;
  readonly values: Float32Array;
}

/** `at` gives the value of one place; `rows` is a multiple of four. */
export function packMatrix(
  rows: number,
  columns: number,
  at: (row: number, column: number) => number,
): PackedMatrix {
  const values = new Float32Array(rows * columns);
  let next = 0;
  for (let row = 0; row < rows; row += 4) {
    for (let column = 0; column < columns; column++) {
      for (let r = 0; r < 4; r++) values[next++] = at(row + r, column);
    }
  }
  return { columns, values };
}

/**
 * Adds to `bias`, one for each row, the columns `from` up to `to` times `input`, whose value for column 0 is (or would
 * be) at `inputFrom`; the sums go to `output` from `outputFrom` on. Vectors are Float64Arrays, which need no conversion.
 */
export function multiply(
  { columns, values }: PackedMatrix,
  bias: Float32Array,
  { from, to }: { from: number; to: number },
  input: Float64Array,
  inputFrom: number,
  output: Float64Array,
  outputFrom: number,
): void {
  for (let row = 0; row < bias.length; row += 4) {
    let s0 = bias[row] as number;
    let s1 = bias[row + 1] as number;
    let s2 = bias[row + 2] as number;
    let s3 = bias[row + 3] as number;
    let at = row * columns + from * 4;
    for (let column = from; column < to; column++) {
      const x = input[inputFrom + column] as number;
      s0 += (values[at] as number) * x;
      s1 += (values[at + 1] as number) * x;
      s2 += (values[at + 2] as number) * x;
      s3 += (values[at + 3] as number) * x;
      at += 4;
    }
    output[outputFrom + row] = s0;
    output[outputFrom + row + 1] = s1;
    output[outputFrom + row + 2] = s2;
    output[outputFrom + row + 3] = s3;
  }
}
