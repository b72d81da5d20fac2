/**
 * The library that reads YAML. The build bundles it into this module of the published library: 230 files to install are
 * a lot for one function.
 */
export { parseDocument } from 'yaml';
