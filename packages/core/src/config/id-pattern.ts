/** What ids of models, systems and judges and the name of an experiment look like: they become names of files and columns. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
