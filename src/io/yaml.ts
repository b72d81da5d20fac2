/**
 * The library that reads YAML. The build bundles it into this module of the published library, because 230 files are a lot
 * to install for one function.
 */
export { parseDocument } from 'yaml';
