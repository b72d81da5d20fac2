/** Prints how many tests passed and failed, from the report of vitest: `123 0`. Fails when none ran. */
import { readFileSync } from 'node:fs';

const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
console.log(numPassedTests, numFailedTests);
process.exit(numPassedTests + numFailedTests > 0 ? 0 : 1);
