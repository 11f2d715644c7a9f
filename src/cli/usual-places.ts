/** Where the ring file stands unless somebody says otherwise. */
export const usualRingFile = '.github/rings.yml'
/** Where the workflow that `ringway init` writes stands. */
export const workflowFile = '.github/workflows/ringway.yml'
