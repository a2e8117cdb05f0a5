/*
 * Pairs of lock and unlock a second by Linux fcntl OFD locks, at a random place among so many held locks of one file.
 * Prints one line of JSON.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SLOT = 8, MIDDLE = 4 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void set(int fd, short type, uint64_t first)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = first, .l_len = 2};
	if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		perror("F_OFD_SETLK");
		exit(1);
	}
}

static void measure(long held, double seconds)
{
	char name[] = "/tmp/ofd_locks.XXXXXX";
	int fd = mkstemp(name);
	if (fd < 0) {
		perror(name);
		exit(1);
	}
	unlink(name);
	for (long i = held; i-- > 0;) /* downwards: each goes in at the head of the list */
		set(fd, F_WRLCK, (uint64_t)i * SLOT);
	uint64_t random = 1;
	long pairs = 0;
	double start = now(), end;
	do {
		for (int i = 0; i < 16; i++, pairs++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			uint64_t place = (random >> 33) % (held ? held : 1) * SLOT + MIDDLE;
			set(fd, F_WRLCK, place);
			set(fd, F_UNLCK, place);
		}
		end = now();
	} while (end - start < seconds);
	printf("{\"calls\": %ld, \"rate\": %.0f}\n", pairs, pairs / (end - start));
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: ofd_locks HELD SECONDS\n", stderr);
		return 2;
	}
	measure(atol(argv[1]), atof(argv[2]));
	return 0;
}
