/*
 * Answers to the calls that a client under test, or a server that looks for its client, makes: void to everything, and
 * to rpcbind's queries (versions 2 to 4) one port for every program.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "wire.h"

enum { RPCBIND_PROGRAM = 100000, RPCBIND_PORT = 111 };

/*
 * Writes the reply to a call.
 *
 * host: dotted address for rpcbind's universal addresses
 * port: where every program is said to be
 * returns the end of the reply, or to itself when the message is no call
 */
uint8_t *answer(uint8_t *to, const uint8_t *message, size_t length, const char *host, int port);

#endif
