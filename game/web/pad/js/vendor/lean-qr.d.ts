// What the page uses of lean-qr, for the type checker.

interface Bitmap {
  size: number;
  get(x: number, y: number): boolean;
}

export function generate(text: string): Bitmap;
