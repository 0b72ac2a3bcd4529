namespace LanCollab.Tests.Support.Faces;

/// <summary>
/// Scripts that put the time into a camera's pictures and a microphone's sound on one page, and read it back on another of the same browser. The mark is a
/// row of 24 squares, the lowest bit first, white for 1, and the same inverted below it: milliseconds on the clock that all pages of a browser share.
/// </summary>
internal static class MarkScripts
{
    private const string Common = """
        const BITS = 24, MASK = 2 ** BITS - 1, SQUARE = 24, TOP = 60;
        const clock = () => performance.timeOrigin + performance.now();
        const since = (mark, at) => { const ms = (at - mark) % (MASK + 1); return ms < 0 ? ms + MASK + 1 : ms; };
        window.passed = { out: [], in: [], outTimes: [], inTimes: [] };
        const sound = (data) => data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? [961, 1921].includes(data.byteLength) : false;
        // Notes when a frame of sound with the beginning of a tone passes, and how many ms of the frame come after that: [time, rest].
        const pass = (way, data, at = clock()) => {
          if (!sound(data)) return;
          const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
          const samples = new Int16Array(bytes.slice(1).buffer), first = samples.findIndex((sample) => Math.abs(sample) > 0.15 * 32768);
          const marks = window.passed[way];
          window.passed[way + "Times"].push(at);
          if (first >= 0 && at > (marks.at(-1)?.[0] ?? 0) + 300) marks.push([at, (samples.length - first) / 48]);
        };
        window.WebSocket = class extends WebSocket {
          constructor(...all) {
            super(...all);
            this.addEventListener("message", (event) => pass("in", event.data));
          }
          send(data) {
            pass("out", data);
            super.send(data);
          }
        };
        """;

    /// <summary>
    /// Replaces camera and microphone: 640x360 pictures with marks before a moving background, 30 a second, and a faint tone that becomes a loud one for 60 ms
    /// every 700 ms. <c>window.clicks</c> are the times at which it did, <c>window.taken</c> is the number of pictures.
    /// </summary>
    public const string Camera = "(() => {" + Common + """
        window.clicks = [];
        window.taken = 0;
        const draw = (context, canvas, number, n) => {
          context.fillStyle = `hsl(${n % 360} 40% 40%)`;
          context.fillRect(0, 0, canvas.width, canvas.height);
          context.fillStyle = "#ccc";
          for (let i = 0; i < 6; i++) context.fillRect((n * (i + 2) * 3) % canvas.width, 150 + i * 30, 70, 20);
          for (let bit = 0; bit < BITS; bit++) {
            const one = (number >> bit) & 1;
            context.fillStyle = one ? "#fff" : "#000";
            context.fillRect(32 + bit * SQUARE, TOP, SQUARE, SQUARE);
            context.fillStyle = one ? "#000" : "#fff";
            context.fillRect(32 + bit * SQUARE, TOP + SQUARE, SQUARE, SQUARE);
          }
        };
        const camera = () => {
          // As a camera does, each picture is delivered when it is taken: a canvas' own stream is up to two pictures of the screen late.
          const canvas = new OffscreenCanvas(640, 360), context = canvas.getContext("2d", { willReadFrequently: true });
          const track = new MediaStreamTrackGenerator({ kind: "video" }), writer = track.writable.getWriter();
          let n = 0;
          setInterval(() => {
            draw(context, canvas, Math.round(clock()) & MASK, n++);
            window.taken++;
            writer.write(new VideoFrame(canvas, { timestamp: Math.round(performance.now() * 1000) })).catch(() => {});
          }, 1000 / 30);
          return [track];
        };
        const microphone = () => {
          // As a microphone does, it gives its pieces of 10 ms at even distances: with the usual buffer a context gives none, one, one and two in turn.
          const audio = new AudioContext({ sampleRate: 48000, latencyHint: 0 }), out = audio.createMediaStreamDestination();
          const gain = new GainNode(audio, { gain: 0.003 }), tone = new OscillatorNode(audio, { frequency: 1000 });
          tone.connect(gain).connect(out);
          tone.start();
          setInterval(() => {
            const at = audio.currentTime + 0.02;
            gain.gain.setValueAtTime(0.6, at);
            gain.gain.setValueAtTime(0.003, at + 0.06);
            window.clicks.push(clock() + 20);
          }, 700);
          return out.stream.getAudioTracks();
        };
        navigator.mediaDevices.getUserMedia = async (wish) => new MediaStream([...(wish.video ? camera() : []), ...(wish.audio ? microphone() : [])]);
        })();
        """;

    /// <summary>
    /// Reads marks from the largest tile but the own one at each picture of the screen, and onsets of loud sound from what goes to the speaker: <c>window.seen</c>
    /// are delays in ms from drawing there to what is displayed here, <c>window.shown</c> the times at which these were read, <c>window.heard</c> times at which a tone began at the speaker.
    /// </summary>
    public const string Viewer = "(() => {" + Common + """
        window.seen = [];
        window.shown = [];
        window.heard = [];
        const copy = new OffscreenCanvas(640, 2 * SQUARE), context = copy.getContext("2d", { willReadFrequently: true });
        let last = -1;
        const read = (picture) => {
          context.drawImage(picture, 0, TOP * picture.height / 360, picture.width, 2 * SQUARE * picture.height / 360, 0, 0, copy.width, copy.height);
          const { data } = context.getImageData(0, 0, copy.width, copy.height);
          const white = (x, y) => data[4 * (y * copy.width + x) + 1] > 127;
          let number = 0;
          for (let bit = 0; bit < BITS; bit++) {
            const x = 32 + bit * SQUARE + SQUARE / 2, one = white(x, SQUARE / 2);
            if (one === white(x, 1.5 * SQUARE)) return -1;
            if (one) number |= 1 << bit;
          }
          return number;
        };
        const look = () => {
          requestAnimationFrame(look);
          const picture = document.querySelector(".video-tile:not(.self) canvas:not([hidden])");
          const number = picture ? read(picture) : -1;
          if (number < 0 || number === last) return;
          last = number;
          window.seen.push(since(number, clock()));
          window.shown.push(clock());
        };
        addEventListener("load", look);
        const listen = (node) => {
          const audio = node.context, tap = new AnalyserNode(audio, { fftSize: 2048 }), samples = new Float32Array(2048);
          connect.call(node, tap);
          let quietUntil = 0;
          setInterval(() => {
            tap.getFloatTimeDomainData(samples);
            const end = audio.currentTime, { contextTime, performanceTime } = audio.getOutputTimestamp();
            const first = samples.findIndex((sample) => Math.abs(sample) > 0.15);
            const at = end - (samples.length - first) / audio.sampleRate;
            if (first < 0 || at < quietUntil) return;
            quietUntil = at + 0.3;
            window.heard.push(performance.timeOrigin + performanceTime + (at - contextTime) * 1000);
          }, 8);
        };
        const connect = AudioNode.prototype.connect;
        AudioNode.prototype.connect = function (to, ...more) {
          if (to instanceof AudioDestinationNode) listen(this);
          return connect.call(this, to, ...more);
        };
        })();
        """;
}
