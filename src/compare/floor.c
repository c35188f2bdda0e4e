// floor: the minimum that a fan-out server must do. A GET becomes a stream; the body of each POST is sent to every
// stream as one SSE frame with one send() per stream. It does nothing else: hardly any parsing, no history, no limits.
// Usage: floor PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int streams[100000], count;

static void publish(int fd, const char *body, int n) {
  static char frame[70000];
  int m = sprintf(frame, "%x\r\ndata: %.*s\n\n\r\n", n + 8, n, body);
  for (int j = 0; j < count; j++)
    send(streams[j], frame, m, MSG_NOSIGNAL);
  send(fd, "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 46, MSG_NOSIGNAL);
}

int main(int argc, char **argv) {
  (void)argc;
  int one = 1, l = socket(AF_INET, SOCK_STREAM, 0), ep = epoll_create1(0);
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in a = {
      .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(l, (void *)&a, sizeof a) || listen(l, 4096)) {
    perror("bind");
    return 1;
  }
  struct epoll_event e = {.events = EPOLLIN, .data.fd = l}, ev[512];
  epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
  static char buf[70000];
  for (;;) {
    int k = epoll_wait(ep, ev, 512, -1);
    for (int i = 0; i < k; i++) {
      int fd = ev[i].data.fd;
      if (fd == l) {
        int s = accept4(l, 0, 0, SOCK_NONBLOCK);
        if (s < 0)
          continue;
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        e.events = EPOLLIN;
        e.data.fd = s;
        epoll_ctl(ep, EPOLL_CTL_ADD, s, &e);
        continue;
      }
      int r = read(fd, buf, sizeof buf - 1);
      if (r <= 0) {
        if (r == 0) {
          for (int j = 0; j < count; j++)
            if (streams[j] == fd) {
              streams[j] = streams[--count];
              break;
            }
          close(fd);
        }
        continue;
      }
      buf[r] = 0;
      if (buf[0] == 'G') {
        const char *head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        send(fd, head, strlen(head), MSG_NOSIGNAL);
        streams[count++] = fd;
        continue;
      }
      // Each connection has one POST in flight, which arrives in one read.
      char *h = strstr(buf, "\r\n\r\n"), *cl = strcasestr(buf, "content-length:");
      if (h && cl && cl < h && h + 4 + atoi(cl + 15) <= buf + r)
        publish(fd, h + 4, atoi(cl + 15));
    }
  }
}
