// sseload: opens N event streams, publishes M events over C keep-alive connections with one publish in flight on each,
// and reports what arrived. Prints one JSON line: deliveries, losses, latency percentiles, server CPU per delivery, server
// RSS per stream.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CARRY 64
typedef struct {
  int fd;
  int up;
  int carry_n;
  char carry[CARRY];
  uint64_t got;
} stream_t;

#define PUBLISHERS 64
typedef struct {
  int fd;
  int waiting;  // for the response to its publish
  char in[65536];
  int n;
} publisher_t;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}
static void die(const char *m) {
  perror(m);
  exit(2);
}

// log-linear histogram, 64 sub-buckets per power of two, in microseconds
static uint64_t hist[64 * 40];
static uint64_t hist_n, hist_max;
static void record(uint64_t us) {
  if (us > hist_max)
    hist_max = us;
  int e = us < 64 ? 0 : 63 - __builtin_clzll(us) - 5;
  uint64_t idx = (uint64_t)e * 64 + (us >> e);
  if (idx >= sizeof hist / sizeof *hist)
    idx = sizeof hist / sizeof *hist - 1;
  hist[idx]++;
  hist_n++;
}
static double pct(double p) {
  uint64_t want = (uint64_t)(p * hist_n), seen = 0;
  for (size_t i = 0; i < sizeof hist / sizeof *hist; i++) {
    seen += hist[i];
    if (seen > want) {
      int e = i / 64;
      return (double)((i % 64) << e) + 0;
    }
  }
  return hist_max;
}

static long clk;
static int pids[64], npids;
static double cpu_of(void) {  // seconds of user+sys over all server pids
  double s = 0;
  for (int i = 0; i < npids; i++) {
    char p[64], b[1024];
    snprintf(p, sizeof p, "/proc/%d/stat", pids[i]);
    FILE *f = fopen(p, "r");
    if (!f)
      continue;
    size_t n = fread(b, 1, sizeof b - 1, f);
    fclose(f);
    b[n] = 0;
    char *q = strrchr(b, ')');
    if (!q)
      continue;
    unsigned long u, k;
    if (sscanf(q + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &u, &k) == 2)
      s += (double)(u + k) / clk;
  }
  return s;
}
static long rss_kib(void) {
  long s = 0;
  for (int i = 0; i < npids; i++) {
    char p[64], line[256];
    snprintf(p, sizeof p, "/proc/%d/smaps_rollup", pids[i]);
    FILE *f = fopen(p, "r");
    if (!f)
      continue;
    while (fgets(line, sizeof line, f)) {
      long v;
      if (sscanf(line, "Pss: %ld kB", &v) == 1)
        s += v;
    }
    fclose(f);
  }
  return s;
}

static struct sockaddr_in addr;
static const char *host = "127.0.0.1";
static int port = 8080;
static int dial(int i, int nb, int rcvbuf) {
  int fd = socket(AF_INET, SOCK_STREAM | (nb ? SOCK_NONBLOCK : 0), 0);
  if (fd < 0)
    die("socket");
  if (rcvbuf)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof rcvbuf);
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (i >= 0) {
    struct sockaddr_in s = {.sin_family = AF_INET};
    s.sin_addr.s_addr = htonl(0x7f000001u + 1 + i / 20000);
    setsockopt(fd, SOL_IP, 24 /*IP_BIND_ADDRESS_NO_PORT*/, &one, sizeof one);
    if (bind(fd, (void *)&s, sizeof s))
      die("bind");
  }
  if (connect(fd, (void *)&addr, sizeof addr) && errno != EINPROGRESS)
    die("connect");
  return fd;
}

static int find_header_end(const char *b, int n) {
  for (int i = 0; i + 3 < n; i++)
    if (!memcmp(b + i, "\r\n\r\n", 4))
      return i + 4;
  return -1;
}

static void open_publisher(int ep, publisher_t *p) {
  p->fd = dial(-1, 0, 0);
  p->waiting = p->n = 0;
  fcntl(p->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = p};
  epoll_ctl(ep, EPOLL_CTL_ADD, p->fd, &e);
}

static publisher_t *idle(publisher_t *publishers, int connections) {
  for (int i = 0; i < connections; i++)
    if (!publishers[i].waiting)
      return &publishers[i];
  return 0;
}

int main(int argc, char **argv) {
  int n = 1000, m = 1000, size = 100, connections = 1, slow = 0, warm = 50, settle_ms = 500, ramp = 500;
  double rate = 0;
  uint64_t limit_s = 60;
  const char *path = "/api/events", *pub = "/api/events", *body = "{T}", *ctype = "application/json", *hdr = "",
             *phdr = "", *name = "server";
  int pubport = 0;
  static struct option lo[] = {{"host", 1, 0, 'h'},       {"port", 1, 0, 'p'},
                               {"streams", 1, 0, 'n'},    {"events", 1, 0, 'm'},
                               {"size", 1, 0, 's'},       {"rate", 1, 0, 'r'},
                               {"connections", 1, 0, 'c'},     {"path", 1, 0, 'u'},
                               {"publish", 1, 0, 'P'},    {"body", 1, 0, 'b'},
                               {"type", 1, 0, 't'},       {"header", 1, 0, 'H'},
                               {"pub-header", 1, 0, 'A'}, {"pid", 1, 0, 'i'},
                               {"pub-port", 1, 0, 'q'},   {"slow", 1, 0, 'S'},
                               {"warm", 1, 0, 'W'},       {"name", 1, 0, 'N'},
                               {"settle-ms", 1, 0, 'Z'},  {"ramp", 1, 0, 'R'},
                               {"limit-s", 1, 0, 'L'},    {0}};
  for (int c; (c = getopt_long(argc, argv, "", lo, 0)) != -1;)
    switch (c) {
      case 'h':
        host = optarg;
        break;
      case 'p':
        port = atoi(optarg);
        break;
      case 'n':
        n = atoi(optarg);
        break;
      case 'm':
        m = atoi(optarg);
        break;
      case 's':
        size = atoi(optarg);
        break;
      case 'r':
        rate = atof(optarg);
        break;
      case 'c':
        connections = atoi(optarg);
        if (connections < 1 || connections > PUBLISHERS) {
          fprintf(stderr, "--connections must be between 1 and %d\n", PUBLISHERS);
          return 2;
        }
        break;
      case 'u':
        path = optarg;
        break;
      case 'P':
        pub = optarg;
        break;
      case 'b':
        body = optarg;
        break;
      case 't':
        ctype = optarg;
        break;
      case 'H':
        hdr = optarg;
        break;
      case 'A':
        phdr = optarg;
        break;
      case 'i': {
        char *s = strdup(optarg);
        for (char *t = strtok(s, ", \n"); t; t = strtok(0, ", \n"))
          if (npids < 64)
            pids[npids++] = atoi(t);
        break;
      }
      case 'q':
        pubport = atoi(optarg);
        break;
      case 'S':
        slow = atoi(optarg);
        break;
      case 'W':
        warm = atoi(optarg);
        break;
      case 'N':
        name = optarg;
        break;
      case 'Z':
        settle_ms = atoi(optarg);
        break;
      case 'R':
        ramp = atoi(optarg);
        break;
      case 'L':
        limit_s = atoi(optarg);
        break;
      default:
        return 2;
    }
  clk = sysconf(_SC_CLK_TCK);
  struct rlimit rl = {1 << 20, 1 << 20};
  if (setrlimit(RLIMIT_NOFILE, &rl)) {
    getrlimit(RLIMIT_NOFILE, &rl);
    rl.rlim_cur = rl.rlim_max;
    setrlimit(RLIMIT_NOFILE, &rl);
  }
  addr.sin_family = AF_INET;
  addr.sin_port = htons(port);
  inet_pton(AF_INET, host, &addr.sin_addr);
  int ep = epoll_create1(0);
  stream_t *st = calloc(n + 1, sizeof *st);
  char req[4096];
  int reqn = snprintf(
      req, sizeof req,
      "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAccept: text/event-stream\r\nCache-Control: no-cache\r\n%s%s\r\n", path,
      port, hdr, *hdr ? "\r\n" : "");
  long rss0 = rss_kib();
  double cpu_c0 = cpu_of();
  uint64_t t0 = now_ns();
  int up = 0, started = 0, rejected = 0, closed = 0;
  static char buf[1 << 18];
  struct epoll_event ev[1024];
  // connect, at most `ramp` half-open at a time, and wait until every stream has answered 200
  while (up + rejected < n) {
    while (started < n && started - up - rejected < ramp) {
      stream_t *s = &st[started];
      s->fd = dial(started, 1, started < slow ? 4096 : 0);
      struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = s};
      epoll_ctl(ep, EPOLL_CTL_ADD, s->fd, &e);
      started++;
    }
    int k = epoll_wait(ep, ev, 1024, 2000);
    if (k <= 0) {
      if (now_ns() - t0 > limit_s * 1000000000ull) {
        fprintf(stderr, "connect stalled: up=%d started=%d\n", up, started);
        exit(3);
      }
      continue;
    }
    for (int i = 0; i < k; i++) {
      stream_t *s = ev[i].data.ptr;
      if ((ev[i].events & EPOLLOUT) && s->up == 0) {
        if (write(s->fd, req, reqn) == reqn)
          s->up = 1;
      }
      if (ev[i].events & EPOLLIN) {
        for (;;) {
          ssize_t r = read(s->fd, buf, sizeof buf);
          if (r <= 0) {
            if (r == 0) {
              closed++;
              if (s->up < 2) {
                rejected++;
                s->up = 9;
              }
              close(s->fd);
            }
            break;
          }
          if (s->up == 1) {
            int ok = r > 12 && !memcmp(buf + 9, "200", 3);
            if (!ok) {
              static int shown;
              if (!shown++)
                fprintf(stderr, "refused: %.*s\n", r > 400 ? 400 : (int)r, buf);
              rejected++;
              s->up = 9;
              close(s->fd);
              break;
            }
            s->up = 2;
            up++;
          }
        }
      }
    }
  }
  double connect_s = (now_ns() - t0) / 1e9;
  usleep(settle_ms * 1000);
  double cpu_c1 = cpu_of();
  long rss1 = rss_kib();
  if (slow)
    for (int i = 0; i < slow && i < n; i++)
      epoll_ctl(ep, EPOLL_CTL_DEL, st[i].fd, 0);
  if (pubport)
    addr.sin_port = htons(pubport);
  static publisher_t publishers[PUBLISHERS];
  for (int i = 0; i < connections; i++)
    open_publisher(ep, &publishers[i]);
  char *pad = malloc(size + 1);
  memset(pad, 'x', size);
  pad[size] = 0;
  int live = up - slow;
  uint64_t sent = 0, acked = 0, got = 0, bad = 0, want = (uint64_t)(m + warm) * live;
  double cpu0 = 0;
  uint64_t ps = 0, last = 0, pubdone = 0;
  uint64_t next = now_ns(), cut = 0;
  uint64_t warm_got = (uint64_t)warm * live;
  int started_meas = 0;
  uint64_t deadline = now_ns() + limit_s * 1000000000ull;
  uint64_t lastprog = now_ns();
  while (got < want) {
    uint64_t t = now_ns();
    if (t > deadline)
      break;
    if (sent == (uint64_t)(m + warm) && acked == sent && t - lastprog > 3000000000ull)
      break;
    if (!started_meas && sent >= (uint64_t)warm && got >= warm_got) {
      started_meas = 1;
      cpu0 = cpu_of();
      ps = now_ns();
      memset(hist, 0, sizeof hist);
      hist_n = hist_max = 0;
      next = ps;
      cut = got;
    }
    int may = started_meas ? 1 : sent < (uint64_t)warm;
    publisher_t *free;
    while (may && sent < (uint64_t)(m + warm) && (rate > 0 && started_meas ? (next <= now_ns()) : 1) &&
           (free = idle(publishers, connections))) {
      char mk[64], out[70000], bd[66000];
      uint64_t ts = rate > 0 && started_meas ? next : now_ns();
      int mkn = snprintf(mk, sizeof mk, "@%020llu;", (unsigned long long)ts);
      (void)mkn;
      int bn = 0;
      for (const char *c = body; *c;) {
        if (!strncmp(c, "{T}", 3)) {
          bn += sprintf(bd + bn, "%s", mk);
          c += 3;
        } else if (!strncmp(c, "{P}", 3)) {
          bn += sprintf(bd + bn, "%s", pad);
          c += 3;
        } else
          bd[bn++] = *c++;
      }
      bd[bn] = 0;
      int on =
          sprintf(out, "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s%s\r\n%s",
                  pub, pubport ? pubport : port, ctype, bn, phdr, *phdr ? "\r\n" : "", bd);
      int off = 0;
      while (off < on) {
        ssize_t w = write(free->fd, out + off, on - off);
        if (w < 0) {
          if (errno == EAGAIN) {
            usleep(100);
            continue;
          }
          die("publish");
        }
        off += w;
      }
      sent++;
      free->waiting = 1;
      if (rate > 0)
        next += (uint64_t)(1e9 / rate);
      if (!started_meas && sent == (uint64_t)warm)
        break;
    }
    uint64_t tw = now_ns();
    int to = rate > 0 && started_meas && sent < (uint64_t)(m + warm) ? (next > tw ? (int)((next - tw) / 1000000)
                                                                        : idle(publishers, connections) ? 0
                                                                                                        : 1)
                                                                     : 100;
    int k = epoll_wait(ep, ev, 1024, to);
    for (int i = 0; i < k; i++) {
      publisher_t *p = ev[i].data.ptr;
      if (p >= publishers && p < publishers + connections) {
        ssize_t r = read(p->fd, p->in + p->n, sizeof p->in - 1 - p->n);
        if (r == 0) {
          close(p->fd);
          acked += p->waiting;
          open_publisher(ep, p);
          lastprog = now_ns();
          continue;
        }
        if (r < 0)
          continue;
        p->n += r;
        p->in[p->n] = 0;
        for (;;) {
          int h = find_header_end(p->in, p->n);
          if (h < 0)
            break;
          int cl = 0;
          char *c = strcasestr(p->in, "content-length:");
          int body_n = 0;
          if (c && c < p->in + h) {
            cl = atoi(c + 15);
            body_n = cl;
          } else {
            char *te = strcasestr(p->in, "transfer-encoding: chunked");
            if (te && te < p->in + h) {
              char *z = memmem(p->in + h, p->n - h, "0\r\n\r\n", 5);
              if (!z)
                break;
              body_n = z + 5 - (p->in + h);
            }
          }
          if (p->n < h + body_n)
            break;
          int code = atoi(p->in + 9);
          if (code < 200 || code > 299) {
            if (!bad++)
              fprintf(stderr, "publish refused: %.*s\n", h + body_n > 500 ? 500 : h + body_n, p->in);
          }
          acked++;
          p->waiting = 0;
          memmove(p->in, p->in + h + body_n, p->n - h - body_n);
          p->n -= h + body_n;
          p->in[p->n] = 0;
          lastprog = now_ns();
          if (acked == sent && sent == (uint64_t)(m + warm))
            pubdone = now_ns();
        }
        continue;
      }
      stream_t *s = ev[i].data.ptr;
      for (;;) {
        memcpy(buf, s->carry, s->carry_n);
        ssize_t r = read(s->fd, buf + s->carry_n, sizeof buf - CARRY);
        if (r <= 0) {
          if (r == 0) {
            closed++;
            epoll_ctl(ep, EPOLL_CTL_DEL, s->fd, 0);
            close(s->fd);
          }
          break;
        }
        ssize_t tot = r + s->carry_n;
        uint64_t tn = now_ns();
        char *p = buf, *e = buf + tot;
        char *q;
        int adv = 0;
        while ((q = memchr(p, '@', e - p))) {
          if (e - q < 22) {
            break;
          }
          if (q[21] == ';') {
            uint64_t ts = strtoull(q + 1, 0, 10);
            got++;
            s->got++;
            last = tn;
            lastprog = tn;
            if (started_meas && ts >= ps)
              record((tn - ts) / 1000);
            p = q + 22;
          } else
            p = q + 1;
          adv = 1;
        }
        (void)adv;
        q = memchr(p, '@', e - p);
        int keep = q && e - q < 22 ? (int)(e - q) : 0;
        memcpy(s->carry, e - keep, keep);
        s->carry_n = keep;
        if (r < (ssize_t)(sizeof buf - CARRY))
          break;
      }
    }
  }

  double cpu1 = cpu_of(), el = (last - ps) / 1e9;
  uint64_t del = got - cut;
  long rss2 = rss_kib();
  uint64_t mn = ~0ull, mx = 0;
  for (int i = slow; i < n; i++)
    if (st[i].up == 2) {
      if (st[i].got < mn)
        mn = st[i].got;
      if (st[i].got > mx)
        mx = st[i].got;
    }
  struct rusage ru;
  getrusage(RUSAGE_SELF, &ru);
  printf(
      "{\"name\":\"%s\",\"streams\":%d,\"refused\":%d,\"closed\":%d,\"slow\":%d,\"events\":%d,\"bytes\":%d,"
      "\"published\":%llu,\"publish_errors\":%llu,\"deliveries\":%llu,\"expected\":%llu,\"lost\":%lld,\"per_stream_"
      "min\":%llu,\"per_stream_max\":%llu,\"connect_s\":%.2f,\"connect_cpu_us_per_stream\":%.1f,\"elapsed_s\":%.3f,"
      "\"deliveries_per_s\":%.0f,\"publish_s\":%.3f,\"p50_us\":%.0f,\"p90_us\":%.0f,\"p99_us\":%.0f,\"p999_us\":%.0f,"
      "\"max_us\":%llu,\"cpu_us_per_delivery\":%.3f,\"server_cpu_s\":%.2f,\"pss_kib_idle\":%ld,\"pss_kib_connected\":%"
      "ld,\"pss_kib_end\":%ld,\"kib_per_stream\":%.2f,\"client_cpu_s\":%.2f}\n",
      name, up, rejected, closed, slow, m, size, (unsigned long long)acked, (unsigned long long)bad,
      (unsigned long long)del, (unsigned long long)((uint64_t)m * live), (long long)((uint64_t)m * live - del),
      (unsigned long long)mn, (unsigned long long)mx, connect_s, (cpu_c1 - cpu_c0) * 1e6 / (up ? up : 1), el,
      del / (el > 0 ? el : 1), pubdone > ps ? (pubdone - ps) / 1e9 : 0, pct(.5), pct(.9), pct(.99), pct(.999),
      (unsigned long long)hist_max, del ? (cpu1 - cpu0) * 1e6 / del : 0, cpu1 - cpu0, rss0, rss1, rss2,
      (double)(rss1 - rss0) / (up ? up : 1),
      ru.ru_utime.tv_sec + ru.ru_stime.tv_sec + (ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6);
  return 0;
}
