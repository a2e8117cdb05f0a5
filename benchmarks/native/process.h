/* What every program here needs of its process: the time, an end with a message, numbers from the command line. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdint.h>

/* Monotonic time in nanoseconds. */
uint64_t now_ns(void);

/* Prints "program: what: reason" and ends with status 1. */
_Noreturn void die(const char *what);

/* A number between the bounds, or the end of the program with a message. */
long number(const char *option, const char *text, long least, long most);

#endif
