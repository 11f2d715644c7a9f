/** Where the ring file stands unless somebody says otherwise. */
export const usualRingFile = '.github/rings.yml'
/** Where GitHub looks for workflows. */
export const workflowDirectory = '.github/workflows'
/** Where the workflow that `ringway init` writes stands. */
export const workflowFile = `${workflowDirectory}/ringway.yml`
