// Runs in a process of its own, for ESLint loads its configuration as a module: lints each { filePath, code } of the JSON in the argument and
// prints the ids of the rules that complain, a list for each.
import { ESLint } from 'eslint';

const eslint = new ESLint();
const results = [];
for (const { filePath, code } of JSON.parse(process.argv[2])) {
  const [result] = await eslint.lintText(code, { filePath });
  results.push(result.messages.map(({ ruleId }) => ruleId ?? ''));
}
process.stdout.write(JSON.stringify(results));
