/*
 * uvc-cam: a USB webcam in software, for the guest's real uvcvideo driver.
 *
 * usage: uvc-cam DIR [options]
 *   DIR holds 320x240.mjpg 640x480.mjpg 1280x720.mjpg: JPEG pictures one after another.
 *   --port N       vhci port, 0 to 7 (default 0): one for each camera
 *   --serial S     serial number       (default 0001)
 *   --name S       product name        (default "Lab Webcam")
 *   --only-mjpeg | --only-yuyv         offer one format instead of both
 *   --fps N        deliver N frames a second whatever was asked for
 *   --dark         deliver a third of the rate while the control "Exposure, Dynamic Framerate"
 *                  is on, as it is at first
 *
 * It speaks the USB/IP protocol to vhci_hcd over a socket pair, so the kernel sees a
 * high-speed UVC 1.0 device with a bulk endpoint.  Ending the program unplugs it.
 * Signals: SIGUSR1 stops the pictures and starts them again (a hung camera);
 *          SIGUSR2 makes the next picture short (half of the data).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CMD_SUBMIT = 1, CMD_UNLINK, RET_SUBMIT, RET_UNLINK };
struct hdr {
    uint32_t command, seq, devid, dir, ep;
    uint32_t a, b, c, d, e;             /* submit: flags len start packets interval; reply: status len ... */
    uint8_t setup[8];
} __attribute__((packed));
_Static_assert(sizeof(struct hdr) == 48, "usbip header");

enum { PAYLOAD = 16384, HEAD = 2 };
static const struct { int w, h; } sizes[] = { { 640, 480 }, { 320, 240 }, { 1280, 720 } };
enum { NSIZES = 3, NINT = 3, FRAME_YUYV = 5, FRAME_MJPEG = 7 };
static const uint32_t intervals[NINT] = { 333333, 666666, 1000000 };     /* 30, 15, 10 fps */

static int sock, only, forced_fps, dark;
static const char *serial = "0001", *name = "Lab Webcam";
static volatile sig_atomic_t stalled, shorten, stop;
static struct { uint8_t *data; size_t n; size_t *at; int count; } mjpg[NSIZES];
static uint8_t config[1024]; static int config_len;
static int fmt_yuyv, fmt_mjpg;          /* format indexes, 0 = not offered */
static uint8_t probe[26], commit[26];
static uint8_t exposure_priority = 1;

static struct { uint32_t seq, len; } queue[64]; static int nqueue;
static uint8_t *frame; static size_t frame_len, frame_pos; static int frame_no, fid; static double frame_due;

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static void die(const char *m) { perror(m); exit(1); }
static void put(const void *p, size_t n) { memcpy(config + config_len, p, n); config_len += n; }
#define PUT(...) do { const uint8_t x_[] = { __VA_ARGS__ }; put(x_, sizeof x_); } while (0)
#define W(v) (v) & 255, (v) >> 8 & 255
#define D(v) W(v), (v) >> 16 & 255, (v) >> 24 & 255

/* As on a real USB 2 camera, large raw pictures come slowly. */
static int fastest(int yuyv, int size) { return yuyv && sizes[size].w >= 1280 ? NINT - 1 : 0; }

static void put_frames(int subtype)
{
    for (int i = 0; i < NSIZES; i++) {
        int first = fastest(subtype == FRAME_YUYV, i), n = NINT - first;
        uint32_t size = sizes[i].w * sizes[i].h * 2, rate = size * 8 * 30;
        PUT(26 + 4 * n, 0x24, subtype, i + 1, 0, W(sizes[i].w), W(sizes[i].h), D(rate / 3), D(rate), D(size), D(intervals[first]), n);
        for (int k = first; k < NINT; k++) PUT(D(intervals[k]));
    }
}

static void build_config(void)
{
    int n = 0, at, head;
    if (only != 'm') fmt_yuyv = ++n;
    if (only != 'y') fmt_mjpg = ++n;
    PUT(9, 2, 0, 0, 2, 1, 0, 0x80, 250);                                 /* configuration */
    PUT(8, 0x0b, 0, 2, 0x0e, 3, 0, 2);                                   /* association */
    PUT(9, 4, 0, 0, 0, 0x0e, 1, 0, 2);                                   /* VideoControl */
    PUT(13, 0x24, 1, W(0x100), W(13 + 18 + 9), D(48000000), 1, 1);
    PUT(18, 0x24, 2, 1, W(0x201), 0, 0, W(0), W(0), W(0), 3, 6, 0, 0);   /* camera terminal 1: exposure mode and priority */
    PUT(9, 0x24, 3, 2, W(0x101), 0, 1, 0);                               /* output terminal 2 */
    PUT(9, 4, 1, 0, 1, 0x0e, 2, 0, 0);                                   /* VideoStreaming */
    head = config_len;
    PUT(13 + n, 0x24, 1, n, 0, 0, 0x81, 0, 2, 0, 0, 0, 1);
    for (int i = 0; i < n; i++) PUT(0);
    if (fmt_yuyv) {
        PUT(27, 0x24, 4, fmt_yuyv, NSIZES, 'Y', 'U', 'Y', '2', 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71, 16, 1, 0, 0, 0, 0);
        put_frames(FRAME_YUYV);
        PUT(6, 0x24, 0x0d, 1, 1, 4);
    }
    if (fmt_mjpg) {
        PUT(11, 0x24, 6, fmt_mjpg, NSIZES, 1, 1, 0, 0, 0, 0);
        put_frames(FRAME_MJPEG);
        PUT(6, 0x24, 0x0d, 1, 1, 4);
    }
    at = config_len - head; config[head + 4] = at; config[head + 5] = at >> 8;
    PUT(7, 5, 0x81, 2, W(512), 0);                                       /* bulk in */
    config[2] = config_len; config[3] = config_len >> 8;
}

static void load(const char *dir)
{
    for (int i = 0; i < NSIZES; i++) {
        char path[4096]; snprintf(path, sizeof path, "%s/%dx%d.mjpg", dir, sizes[i].w, sizes[i].h);
        FILE *f = fopen(path, "rb"); if (!f) die(path);
        fseek(f, 0, SEEK_END); size_t n = ftell(f); rewind(f);
        uint8_t *p = malloc(n); if (!p || fread(p, 1, n, f) != n) die(path);
        fclose(f);
        mjpg[i].data = p; mjpg[i].n = n; mjpg[i].at = malloc(1001 * sizeof(size_t));
        for (size_t k = 0; k + 2 < n && mjpg[i].count < 1000; k++)
            if (p[k] == 0xff && p[k + 1] == 0xd8 && p[k + 2] == 0xff) mjpg[i].at[mjpg[i].count++] = k;
        mjpg[i].at[mjpg[i].count] = n;
        if (!mjpg[i].count) { fprintf(stderr, "%s: no JPEG\n", path); exit(1); }
    }
}

static void send_all(const void *p, size_t n)
{
    while (n) {
        ssize_t r = send(sock, p, n, MSG_NOSIGNAL);
        if (r < 0 && errno == EINTR) continue;
        if (r <= 0) exit(0);
        p = (const char *)p + r; n -= r;
    }
}
static int recv_all(void *p, size_t n)
{
    while (n) {
        ssize_t r = recv(sock, p, n, 0);
        if (r < 0 && errno == EINTR) { if (stop) return 0; continue; }
        if (r <= 0) return 0;
        p = (char *)p + r; n -= r;
    }
    return 1;
}
static void reply(uint32_t seq, int status, const void *data, uint32_t len, uint32_t sent)
{
    struct hdr h = { .command = htonl(RET_SUBMIT), .seq = htonl(seq), .a = htonl(status), .b = htonl(len), .d = htonl(-1) };
    send_all(&h, sizeof h);
    if (sent) send_all(data, sent);
}

static void settle(uint8_t *p)          /* make a probe request possible */
{
    int n = (fmt_yuyv > 0) + (fmt_mjpg > 0), best;
    if (p[2] < 1 || p[2] > n) p[2] = 1;
    if (p[3] < 1 || p[3] > NSIZES) p[3] = 1;
    uint32_t want = p[4] | p[5] << 8 | p[6] << 16 | (uint32_t)p[7] << 24;
    best = fastest(p[2] == fmt_yuyv, p[3] - 1);
    for (int i = best + 1; i < NINT; i++)
        if (llabs((long long)intervals[i] - want) < llabs((long long)intervals[best] - want)) best = i;
    uint32_t iv = intervals[best], size = sizes[p[3] - 1].w * sizes[p[3] - 1].h * 2, pay = PAYLOAD;
    memcpy(p + 4, &iv, 4); memcpy(p + 18, &size, 4); memcpy(p + 22, &pay, 4);
}

static void new_frame(void)
{
    int f = commit[2], s = commit[3] - 1; uint32_t iv; memcpy(&iv, commit + 4, 4);
    double step = (forced_fps ? 1.0 / forced_fps : iv / 1e7) * (dark && exposure_priority ? 3 : 1);
    free(frame); frame = NULL;
    if (f && f == fmt_mjpg) {
        int k = frame_no % mjpg[s].count; frame_len = mjpg[s].at[k + 1] - mjpg[s].at[k];
        frame = malloc(frame_len); memcpy(frame, mjpg[s].data + mjpg[s].at[k], frame_len);
    } else {                            /* a grey ramp that moves one step a frame */
        int w = sizes[s].w, h = sizes[s].h; frame_len = (size_t)w * h * 2; frame = malloc(frame_len);
        for (int x = 0; x < w; x++) { frame[2 * x] = x + frame_no * 2; frame[2 * x + 1] = 128; }
        for (int y = 1; y < h; y++) memcpy(frame + (size_t)y * w * 2, frame, w * 2);
    }
    if (shorten) { shorten = 0; frame_len /= 2; }
    frame_pos = 0; fid ^= 1; frame_no++;
    double t = now(); frame_due = frame_due + step < t - 0.5 ? t : frame_due + step;
}

static void pump(void)                  /* answer waiting bulk requests */
{
    static uint8_t buf[PAYLOAD];
    while (nqueue && !stalled) {
        if (!frame || frame_pos >= frame_len) { if (now() < frame_due) return; new_frame(); }
        uint32_t room = queue[0].len < PAYLOAD ? queue[0].len : PAYLOAD, n = room - HEAD;
        if (n > frame_len - frame_pos) n = frame_len - frame_pos;
        buf[0] = HEAD; buf[1] = 0x80 | fid | (frame_pos + n >= frame_len ? 2 : 0);
        memcpy(buf + HEAD, frame + frame_pos, n); frame_pos += n;
        reply(queue[0].seq, 0, buf, n + HEAD, n + HEAD);
        memmove(queue, queue + 1, --nqueue * sizeof *queue);
    }
}

static int string_desc(int i, uint8_t *o)
{
    const char *s = i == 1 ? "Lab" : i == 2 ? name : i == 3 ? serial : NULL;
    if (i == 0) { memcpy(o, "\x04\x03\x09\x04", 4); return 4; }
    if (!s) return -1;
    int n = strlen(s); if (n > 60) n = 60;
    o[0] = 2 + 2 * n; o[1] = 3;
    for (int k = 0; k < n; k++) { o[2 + 2 * k] = s[k]; o[3 + 2 * k] = 0; }
    return o[0];
}

static void control(struct hdr *h, uint8_t *out, uint32_t outlen)
{
    static const uint8_t device[18] = { 18, 1, 0, 2, 0xef, 2, 1, 64, 0x09, 0x12, 0x01, 0x00, 0, 1, 1, 2, 3, 1 };
    uint8_t *s = h->setup, o[256]; int n = -1; const void *p = o;
    int value = s[2] | s[3] << 8, want = s[6] | s[7] << 8;
    uint32_t seq = ntohl(h->seq);
    if (s[0] == 0x80 && s[1] == 6) {
        if (s[3] == 1) { p = device; n = 18; }
        else if (s[3] == 2) { p = config; n = config_len; }
        else if (s[3] == 3) n = string_desc(s[2], o);
    } else if ((s[0] & 0x9f) == 0x80 && s[1] == 0) { o[0] = o[1] = 0; n = 2; }      /* GET_STATUS */
    else if (s[0] == 0x81 && s[1] == 10) { o[0] = 0; n = 1; }                       /* GET_INTERFACE */
    else if (s[0] == 0x80 && s[1] == 8) { o[0] = 1; n = 1; }
    else if (!(s[0] & 0xe0)) {                                                      /* SET_*, CLEAR_FEATURE */
        n = 0;
        if (s[0] == 2 && s[1] == 1) { free(frame); frame = NULL; }
    } else if ((s[0] & 0x7f) == 0x21 && s[4] == 1 && (value == 0x100 || value == 0x200)) {
        uint8_t *c = value == 0x100 ? probe : commit;
        switch (s[1]) {
        case 0x01:
            memcpy(c, out, outlen < 26 ? outlen : 26); settle(c); n = 0;
            if (c == commit) { free(frame); frame = NULL; frame_due = now(); }
            break;
        case 0x85: o[0] = 26; o[1] = 0; n = 2; break;
        case 0x86: o[0] = 3; n = 1; break;
        case 0x82: case 0x83: case 0x87:
            memset(o, 0, 26); o[2] = probe[2]; o[3] = probe[3];
            { uint32_t iv = intervals[s[1] == 0x83 ? NINT - 1 : 0]; memcpy(o + 4, &iv, 4); }
            settle(o); n = 26; break;
        case 0x81: p = c; n = 26; break;
        }
    } else if ((s[0] & 0x7f) == 0x21 && s[4] == 0 && s[5] == 1 && (s[3] == 2 || s[3] == 3)) {
        static uint8_t exposure_mode = 8;   /* by aperture, that is automatic */
        uint8_t *c = s[3] == 2 ? &exposure_mode : &exposure_priority;
        switch (s[1]) {
        case 0x01: if (outlen) *c = out[0]; n = 0; break;
        case 0x81: p = c; n = 1; break;
        case 0x84: o[0] = s[3] == 2 ? 9 : 1; n = 1; break;              /* the modes that there are */
        case 0x85: o[0] = 1; o[1] = 0; n = 2; break;
        case 0x86: o[0] = 3; n = 1; break;
        case 0x82: o[0] = 0; n = 1; break;
        case 0x83: case 0x87: o[0] = s[3] == 2 ? 8 : 1; n = 1; break;
        }
    }
    if (n < 0) { reply(seq, -EPIPE, NULL, 0, 0); return; }
    if (ntohl(h->dir)) { if (n > want) n = want; reply(seq, 0, p, n, n); }
    else reply(seq, 0, NULL, outlen, 0);
}

static void handle(void)
{
    struct hdr h; static uint8_t out[65536];
    if (!recv_all(&h, sizeof h)) exit(0);
    uint32_t seq = ntohl(h.seq), len = ntohl(h.b);
    if (ntohl(h.command) == CMD_UNLINK) {
        uint32_t victim = ntohl(h.a); int found = 0;
        for (int i = 0; i < nqueue; i++)
            if (queue[i].seq == victim) { memmove(queue + i, queue + i + 1, (--nqueue - i) * sizeof *queue); found = 1; break; }
        struct hdr r = { .command = htonl(RET_UNLINK), .seq = htonl(seq), .a = htonl(found ? -ECONNRESET : 0) };
        send_all(&r, sizeof r);
        return;
    }
    if (!ntohl(h.dir) && len) { if (len > sizeof out || !recv_all(out, len)) exit(0); }
    if (ntohl(h.ep) == 0) control(&h, out, ntohl(h.dir) ? 0 : len);
    else if (ntohl(h.ep) == 1 && ntohl(h.dir) && nqueue < 64) { queue[nqueue].seq = seq; queue[nqueue++].len = len; }
    else reply(seq, -EPIPE, NULL, 0, 0);
}

static void on_signal(int s) { if (s == SIGUSR1) stalled = !stalled; else if (s == SIGUSR2) shorten = 1; else stop = 1; }

int main(int argc, char **argv)
{
    int port = 0;
    if (argc < 2) { fprintf(stderr, "usage: uvc-cam DIR [options]\n"); return 2; }
    for (int i = 2; i < argc; i++) {
        if (!strcmp(argv[i], "--only-mjpeg")) only = 'm';
        else if (!strcmp(argv[i], "--only-yuyv")) only = 'y';
        else if (!strcmp(argv[i], "--dark")) dark = 1;
        else if (i + 1 < argc && !strcmp(argv[i], "--port")) port = atoi(argv[++i]);
        else if (i + 1 < argc && !strcmp(argv[i], "--serial")) serial = argv[++i];
        else if (i + 1 < argc && !strcmp(argv[i], "--name")) name = argv[++i];
        else if (i + 1 < argc && !strcmp(argv[i], "--fps")) forced_fps = atoi(argv[++i]);
        else { fprintf(stderr, "uvc-cam: what is %s?\n", argv[i]); return 2; }
    }
    load(argv[1]); build_config(); settle(probe); settle(commit);
    struct sigaction sa = { .sa_handler = on_signal };
    sigaction(SIGUSR1, &sa, NULL); sigaction(SIGUSR2, &sa, NULL); sigaction(SIGTERM, &sa, NULL); sigaction(SIGINT, &sa, NULL);
    int sv[2]; if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv)) die("socketpair");
    sock = sv[0];
    int fd = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY); if (fd < 0) die("vhci_hcd");
    char line[64]; int n = snprintf(line, sizeof line, "%d %d %d 3", port, sv[1], 0x10001 + port);
    if (write(fd, line, n) != n) die("attach");
    close(fd); close(sv[1]);
    while (!stop) {
        struct pollfd p = { sock, POLLIN, 0 };
        int ms = -1;
        if (nqueue && !stalled) { double d = frame_due - now(); ms = d > 0 ? (int)(d * 1000) + 1 : 0; }
        if (stalled) ms = 100;
        int r = poll(&p, 1, ms);
        if (r > 0) { if (p.revents & POLLIN) handle(); else break; }
        pump();
    }
    return 0;
}
