------------------------------- MODULE Steps --------------------------------
(***************************************************************************)
(* The steps of Dsql as states: what the clusters are, and what they were  *)
(* before.  TLC's "distinct states" is the number of distinct steps, and   *)
(* one for the empty state, to which no step leads.  What changes nothing  *)
(* is no step.                                                             *)
(*                                                                         *)
(* Its configuration is that of Dsql with SPECIFICATION StepsSpec and      *)
(* nothing behind it.                                                      *)
(***************************************************************************)
EXTENDS Dsql

VARIABLE before

StepsInit == Init /\ before = clusters
StepsNext == Next /\ clusters' # clusters /\ before' = clusters
StepsSpec == StepsInit /\ [][StepsNext]_<<clusters, before>>

=============================================================================
