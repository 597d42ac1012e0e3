/*
 * dsql.pml: the life of Aurora DSQL clusters, alone and in pairs.
 *
 * A few clusters in two Regions of one Region set are created, named as each
 * other's peers, updated and deleted by calls; between any two calls the
 * service makes moves of its own. What is modelled is which combinations of
 * clusters can ever exist. Reads, refused calls, tokens, tags and time are
 * not: they leave no trace in a state.
 *
 * The model was written by hand from the published facts alone: the
 * operations, the transitions T01-T30, the facts F001-F186 and the open
 * questions Q01-Q36. It was not derived from the tables that the programs of
 * this project use, so that the two can be held against each other. Where the
 * facts leave several answers open, each of them is an option here.
 *
 * Decided after the two were first compared: their states were the same, their
 * steps were not, in five places. Each was then decided from the facts, for the
 * wider reading, and so in these five the two are not independent any more.
 *  1. A create that was told CREATING may yet fall back to PENDING_SETUP while
 *     its peer does not name it (Q02; T03 is documented for GetCluster, too).
 *  2. The delete of an IDLE or INACTIVE member may answer DELETING: T30 and Q14
 *     leave it open, and F084 does not speak of idle ones.
 *  3. A set-up that became mutual may go on, or wait, when the partner is on its
 *     way out meanwhile: T08 asks for mutual, Q06 is silent.
 *  4. A member whose partner is gone has no live peer: it may go to DELETING at
 *     once (table 2.1, T17), or to PENDING_DELETE.
 *  5. The size of a step and nothing else: the update that makes the peering
 *     mutual may answer CREATING or ACTIVE, since any middle status may be skipped
 *     (Q03, Q04), and the service goes to ACTIVE by CREATING, which nobody need
 *     have seen.
 *
 * A state is the contents of the five arrays below and nothing else. The one
 * process has one control location, and its temporaries are 0 there. Symmetry
 * is not reduced. So the number that Spin reports as "states, stored" is the
 * number of abstract states, the empty one included; Spin adds no constant.
 *
 * Run (Spin 6.5; a bound is a set of -D, the default is "pair"):
 *
 *   alone:  spin -a -DN=1 -DR=1 -DW=1 -DP=1 -DF=1 dsql.pml
 *   pair:   spin -a -DN=2 -DR=2 -DW=2 -DP=1 -DF=1 dsql.pml
 *   three:  spin -a -DN=3 -DR=2 -DW=1 -DP=0 -DF=0 dsql.pml
 *   wide:   spin -a -DN=3 -DR=2 -DW=1 -DP=1 -DF=0 dsql.pml
 *
 *   gcc -O2 -w -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -m1000000
 *
 * (-w: gcc suspects the code for a failed bounds check; none ever fails.)
 *
 * With -DSTEPS what Spin stores is a step: the state before and the state after
 * it. "States, stored" is then the number of distinct steps, and one more for the
 * empty state, to which no step leads. What changes nothing is no step.
 *
 * List the states, or with -DSTEPS the steps (before => after), one line each,
 * every one exactly once:
 *
 *   spin -a -DPRINT ... dsql.pml
 *   gcc -O2 -w -DSAFETY -DNOREDUCE -DPRINTF -o pan pan.c
 *   ./pan -m1000000 | grep -E '^(none|c1 )' | sort -u
 *
 * The same protocol in TLA+, with fairness and liveness, is in Dsql.tla.
 */

#ifndef N
#define N 2	/* clusters at most, 1..3 */
#endif
#ifndef R
#define R 2	/* Regions that hold clusters, 1..2 */
#endif
#ifndef W
#define W 2	/* witness Regions; they hold no clusters (F122) */
#endif
#ifndef P
#define P 1	/* 1: deletion protection is played with */
#endif
#ifndef F
#define F 1	/* 1: the free moves happen: T05, T12-T15, T21 */
#endif

/* ---------------------------------------------------------------- state */

/*
 * UPDATING_SETUP: a peering is being set up (T06, Q02, Q03).
 * UPDATING_LIVE:  a cluster that was ACTIVE is being changed (T10).
 * GONE:           GetCluster answers not found (F057).
 */
mtype = {
	CREATING, ACTIVE, IDLE, INACTIVE, UPDATING_SETUP, UPDATING_LIVE,
	DELETING, DELETED, FAILED, PENDING_SETUP, PENDING_DELETE, GONE
}

/* Clusters are numbered 1..N in the order in which they were made; 0 is
 * nobody. All five keep their last value when the cluster is gone. */
mtype status[N+1];	/* 0: not made yet */
byte region[N+1];	/* 1..R */
bit protected[N+1];	/* deletion protection as last accepted (F068) */
byte witness[N+1];	/* 1..W; 0: single-Region (F038) */
byte peer[N+1];		/* the peer that it declared itself; 0: none */

/* One cluster as a number; 0: not made yet. */
#define packed(c)	(status[c] | protected[c] << 4 | region[c] << 5 | \
			 witness[c] << 7 | peer[c] << 9)

#ifdef STEPS
short before[N+1];	/* each cluster as it was before the step, packed */
#define note(c)		before[c] = packed(c)
#else
#define note(c)		skip
#endif

/* ---------------------------------------------------------- predicates */

#define made(c)		(status[c] != 0)
#define single(c)	(witness[c] == 0)
#define room		(status[N] == 0)
#define next(c)		(!made(c) && (c == 1 || made(c-1)))

/* Declared on both sides, with one witness (F106, F123). peer[0] is 0, so a
 * cluster that names nobody is not mutual. */
#define mutual(c)	(peer[peer[c]] == c && witness[peer[c]] == witness[c])

/* In use: the creation, and with it the peering if there is one, is over. */
#define live(c)		(status[c] == ACTIVE || status[c] == IDLE || \
			 status[c] == INACTIVE || status[c] == UPDATING_LIVE)

/* Being set up as a member of a peering. */
#define waiting(c)	(status[c] == PENDING_SETUP || status[c] == UPDATING_SETUP)

/* Removal has begun on this cluster. */
#define leaving(c)	(status[c] == DELETING || status[c] == DELETED || \
			 status[c] == GONE)

/* A delete of this cluster was accepted, or it is past that. */
#define deleted(c)	(status[c] == PENDING_DELETE || leaving(c))

/* A member with a live peer, as far as a delete of it asks (T17): one that is
 * mutual and not gone. */
#define paired(c)	(mutual(c) && status[peer[c]] != GONE)

/* What c may name as its peer: a cluster of another Region that is still
 * there. Also one that can never answer (single-Region, another witness,
 * paired already, being deleted): the call may succeed and wait (Q06). */
#define nameable(c, p)	(made(p) && region[p] != region[c] && status[p] != GONE)

/* pick(x, can): x becomes any cluster with can(x).
 * pick_for(x, c, can): x becomes any cluster with can(c, x).
 * Both block if there is none; exists(c, can) tells. */
#if N == 1
#define pick(x, can)		if :: can(1) -> x = 1 fi
#define pick_for(x, c, can)	if :: can(c,1) -> x = 1 fi
#define exists(c, can)		(can(c,1))
#define all(ok)			(ok(1))
#define each(act)		act(1)
#elif N == 2
#define pick(x, can)		if :: can(1) -> x = 1 :: can(2) -> x = 2 fi
#define pick_for(x, c, can)	if :: can(c,1) -> x = 1 :: can(c,2) -> x = 2 fi
#define exists(c, can)		(can(c,1) || can(c,2))
#define all(ok)			(ok(1) && ok(2))
#define each(act)		act(1); act(2)
#else
#define pick(x, can)		if :: can(1) -> x = 1 :: can(2) -> x = 2 \
				   :: can(3) -> x = 3 fi
#define pick_for(x, c, can)	if :: can(c,1) -> x = 1 :: can(c,2) -> x = 2 \
				   :: can(c,3) -> x = 3 fi
#define exists(c, can)		(can(c,1) || can(c,2) || can(c,3))
#define all(ok)			(ok(1) && ok(2) && ok(3))
#define each(act)		act(1); act(2); act(3)
#endif

/* Every step chooses the cluster that moves before it changes anything. */
#define choose(x, can)		pick(x, can); each(note)

/* --------------------------------------------- when a step is possible */

#define may_be_named(p)	(R > 1 && room && made(p) && status[p] != GONE)
#define may_name(c)	(status[c] == PENDING_SETUP && peer[c] == 0 && exists(c, nameable))
#define may_protect(c)	(P && status[c] == ACTIVE)
#define may_delete(c)	(made(c) && !deleted(c) && !protected[c])

#define may_settle(c)	(status[c] == UPDATING_SETUP)
#define may_fall_back(c) (status[c] == CREATING && !single(c) && !mutual(c))
#define may_set_up(c)	(waiting(c) && mutual(c))
#define may_finish(c)	(status[c] == CREATING && (single(c) || mutual(c)))
#define may_apply(c)	(status[c] == UPDATING_LIVE)
#define may_remove(c)	(status[c] == PENDING_DELETE && (mutual(c) -> deleted(peer[c]) : 1))
#define may_vanish(c)	(status[c] == DELETING || status[c] == DELETED)

#define may_fail(c)	(F && status[c] == CREATING)
#define may_idle(c)	(F && status[c] == ACTIVE)
#define may_sleep(c)	(F && status[c] == IDLE)
#define may_wake(c)	(F && (status[c] == IDLE || status[c] == INACTIVE))
#define may_linger(c)	(F && status[c] == DELETING)

/* ------------------------------------------------------------ promises */

/*
 * What holds of cluster c in every state.
 *  - A member in use and the member that it names name each other, with one
 *    witness, in different Regions (F106, F121, F123, Must of section 6).
 *  - A protected cluster is never deleted (F022, F023, Must of section 6);
 *    protection is not changed after the delete.
 *  - The PENDING_ states belong to multi-Region clusters (F133), and so does
 *    the set-up kind of UPDATING, of a cluster that has named a peer (T06).
 *  - A multi-Region cluster that has named nobody waits or is deleted (F040).
 *  - A peer is named in another Region only (4.4), by a multi-Region cluster.
 *  - The statuses of free moves, and protection, only if they are played.
 */
#define sound(c) ( \
	(!(live(c) && !single(c)) || (mutual(c) && region[peer[c]] != region[c])) && \
	(!deleted(c) || !protected[c]) && \
	(!(waiting(c) || status[c] == PENDING_DELETE) || !single(c)) && \
	(status[c] != UPDATING_SETUP || peer[c] != 0) && \
	(single(c) || peer[c] != 0 || !made(c) || status[c] == PENDING_SETUP || deleted(c)) && \
	(peer[c] == 0 || (!single(c) && made(peer[c]) && region[peer[c]] != region[c])) && \
	(F || (status[c] != FAILED && status[c] != IDLE && \
	       status[c] != INACTIVE && status[c] != DELETED)) && \
	(P || !protected[c]) && \
	(made(c) || (region[c] == 0 && witness[c] == 0 && peer[c] == 0)) )

/*
 * c takes status s. What holds of every such step:
 *  - There is no way back once the delete was accepted (F098, Q17), and the
 *    removal goes one way only (T19-T21).
 *  - Protection blocks the delete (Must of section 6).
 *  - A member that is ACTIVE, or being changed, with a partner that is still
 *    there begins to be removed through PENDING_DELETE (T17, T18); one that is
 *    idle need not (T30), nor one whose partner is gone. A single-Region cluster
 *    never does (T16).
 *  - A member of a mutual pair leaves PENDING_DELETE only when its partner is
 *    deleted too (T19, F087). This is a promise about that step and not about
 *    DELETING as such: a member that never was in use, or is idle, may be
 *    deleted directly while its partner lives on (Q13, T30).
 *  - What was created stays created: once both sides have declared, CREATING is
 *    not left for a set-up status, and ACTIVE never is (section 6, the language
 *    of peered creation).
 */
inline become(x, s)
{
	assert(status[x] != PENDING_DELETE || s == DELETING);
	assert(status[x] != DELETING || s == DELETED || s == GONE);
	assert(status[x] != DELETED || s == GONE);
	assert(status[x] != GONE);
	assert((s != DELETING && s != PENDING_DELETE) || !protected[x]);
	assert(!live(x) || s != PENDING_DELETE || !single(x));
	assert((status[x] != ACTIVE && status[x] != UPDATING_LIVE) || s != DELETING || !paired(x));
	assert(status[x] != PENDING_DELETE || !mutual(x) || deleted(peer[x]));
	assert((s != PENDING_SETUP && s != UPDATING_SETUP) || !made(x) || waiting(x) ||
	       (s == PENDING_SETUP && status[x] == CREATING && !mutual(x)));
	status[x] = s
}

/* -------------------------------------------------------------- calls */

/* c is the next cluster, with protection as the call says (F032 is a default
 * of the call and no limit). */
inline enter(x)
{
	choose(x, next);
	if
	:: protected[x] = 0
	:: P -> protected[x] = 1
	fi
}

/* A delete of x was accepted. What it answers depends on how far x has come. */
inline remove(x)
{
	if
	:: single(x) ->			/* T16, T22, T27, T30, F083; T23 reversed (Q15) */
		become(x, DELETING)
	:: !single(x) ->		/* T17, T18, F084, F085; also Q13, Q14, Q15 */
		become(x, PENDING_DELETE)
	:: !single(x) && (!live(x) ||	/* never in use: directly, T22, T24, T27, Q13, Q15 */
	   status[x] == IDLE || status[x] == INACTIVE ||	/* T30, Q14 */
	   !paired(x)) ->		/* no live peer: table 2.1, T17 */
		become(x, DELETING)
	fi
}

/* The temporaries are 0 between any two steps. */
inline done()
{
	c = 0; p = 0
}

/* -------------------------------------------------------------- print */

/* Clusters in a line; v is what c is, packed. For -DPRINT with pan built with
 * -DPRINTF. */
inline print_clusters(v)
{
	c = 1;
	if
	:: v == 0 -> printf("none")
	:: else
	fi;
	do
	:: c <= N && v != 0 ->
		if
		:: c > 1 -> printf("; ")
		:: else
		fi;
		printf("c%d r%d ", c, v >> 5 & 3);
		if
		:: (v & 15) == CREATING -> printf("CREATING")
		:: (v & 15) == ACTIVE -> printf("ACTIVE")
		:: (v & 15) == IDLE -> printf("IDLE")
		:: (v & 15) == INACTIVE -> printf("INACTIVE")
		:: (v & 15) == UPDATING_SETUP -> printf("UPDATING/setup")
		:: (v & 15) == UPDATING_LIVE -> printf("UPDATING/live")
		:: (v & 15) == DELETING -> printf("DELETING")
		:: (v & 15) == DELETED -> printf("DELETED")
		:: (v & 15) == FAILED -> printf("FAILED")
		:: (v & 15) == PENDING_SETUP -> printf("PENDING_SETUP")
		:: (v & 15) == PENDING_DELETE -> printf("PENDING_DELETE")
		:: (v & 15) == GONE -> printf("gone")
		fi;
		if
		:: (v >> 4 & 1) != 0 -> printf(" protected")
		:: else -> printf(" open")
		fi;
		if
		:: (v >> 7 & 3) != 0 -> printf(" witness=w%d", v >> 7 & 3)
		:: else -> printf(" witness=-")
		fi;
		if
		:: v >> 9 != 0 -> printf(" peer=c%d", v >> 9)
		:: else -> printf(" peer=-")
		fi;
		c++
	:: else -> break
	od
}

inline print_line()
{
#ifdef STEPS
	print_clusters(before[c]);
	printf(" => ");
#endif
	print_clusters(packed(c));
	printf("\n");
	done()
}

/* ------------------------------------------------------------ the model */

active proctype dsql()
{
	byte c;		/* the cluster that moves */
	byte p;		/* the peer that it names */

	do
	/* Every state is checked, and printed if that is wanted, once. */
	:: assert(all(sound))
#ifdef PRINT
#ifdef STEPS
	:: d_step { made(1) -> print_line() }
#else
	:: d_step { print_line() }
#endif
#endif

	/* --- what customers do --- */

	/* CreateCluster without multiRegionProperties: T01, F033, F038. */
	:: atomic { room ->
		enter(c);
		select(p : 1 .. R); region[c] = p;
		become(c, CREATING);
		done()
	   }

	/* CreateCluster with a witness: T02, F039. */
	:: atomic { room ->
		enter(c);
		select(p : 1 .. R); region[c] = p;
		select(p : 1 .. W); witness[c] = p;
		become(c, PENDING_SETUP);
		done()
	   }

	/* CreateCluster with a witness and a peer: T03, F107. The peer does not
	 * name it yet, so it has to wait, under one of three statuses: Q02. */
	:: atomic { choose(p, may_be_named);
		enter(c);
		region[c] = 3 - region[p];
		peer[c] = p;
		select(p : 1 .. W); witness[c] = p;
		if
		:: become(c, PENDING_SETUP)
		:: become(c, UPDATING_SETUP)
		:: become(c, CREATING)
		fi;
		done()
	   }

	/* UpdateCluster naming a peer: T06, F108, F109; the answer, or the first
	 * status that is seen, may be PENDING_SETUP again: Q03. If the peering is
	 * mutual by it, any status on the way may be skipped: Q04. */
	:: atomic { choose(c, may_name);
		pick_for(p, c, nameable);
		peer[c] = p;
		if
		:: become(c, UPDATING_SETUP)
		:: become(c, PENDING_SETUP)
		:: mutual(c) -> become(c, CREATING)
		:: mutual(c) -> become(c, ACTIVE)
		fi;
		done()
	   }

	/* UpdateCluster of deletion protection, to the same value too: T10,
	 * F067, F068, F074; ACTIVE may be answered instead: Q19. Also while
	 * the partner is PENDING_DELETE: Q16. (The same value and ACTIVE would
	 * change nothing.) */
	:: atomic { choose(c, may_protect);
		if
		:: become(c, UPDATING_LIVE)
		:: protected[c] = 1 - protected[c];
			if
			:: become(c, UPDATING_LIVE)
			:: become(c, ACTIVE)
			fi
		fi;
		done()
	   }

	/* DeleteCluster of a cluster that is not protected: T16-T18, T22-T24,
	 * T27, T30, Q13-Q15. */
	:: atomic { choose(c, may_delete);
		remove(c);
		done()
	   }

	/* --- what the service does --- */

	/* The update has been noted, the peering is not there yet: T07, Q03, Q04. */
	:: atomic { choose(c, may_settle); become(c, PENDING_SETUP); done() }

	/* The create was told CREATING, the peering is not there yet: T03, Q02. */
	:: atomic { choose(c, may_fall_back); become(c, PENDING_SETUP); done() }

	/* The peering is mutual: T08, F110. Each member steps for itself: Q04.
	 * What becomes of the partner meanwhile may hinder it or not (Q06). */
	:: atomic { choose(c, may_set_up); become(c, CREATING); done() }

	/* Creation ends well: T04; T09 for a member, never before its peering
	 * is mutual (F106), whatever it was told at its creation (Q02). */
	:: atomic { choose(c, may_finish); become(c, ACTIVE); done() }

	/* Creation fails: T05, F041. */
	:: atomic { choose(c, may_fail); become(c, FAILED); done() }

	/* A change is complete: T11, F070. */
	:: atomic { choose(c, may_apply); become(c, ACTIVE); done() }

	/* Nobody connects, or the key is lost: T12, T15, F161, F164. */
	:: atomic { choose(c, may_idle); become(c, IDLE); done() }

	/* Nobody connects for longer: T13, F164. */
	:: atomic { choose(c, may_sleep); become(c, INACTIVE); done() }

	/* Somebody connects: T14, F165. */
	:: atomic { choose(c, may_wake); become(c, ACTIVE); done() }

	/* All members are deleted: T19, F086, F087. A cluster without a mutual
	 * partner is its only member and waits for nobody: Q13. */
	:: atomic { choose(c, may_remove); become(c, DELETING); done() }

	/* DELETED shows before the record vanishes: T21, Q23. */
	:: atomic { choose(c, may_linger); become(c, DELETED); done() }

	/* The record vanishes: T20, T21, F057. */
	:: atomic { choose(c, may_vanish); become(c, GONE); done() }
	od
}
