/** Marks every process of the cluster in its environment, so that one whose number was not recorded is found too. */
export const processMark = "GASCITY_TEST_CLUSTER";
