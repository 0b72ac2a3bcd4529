using System.Globalization;

namespace LanCollab.Tests.Browser;

/// <summary>Two pages whose microphones are tones, and what each of them plays can be listened to.</summary>
public sealed class VoiceMeeting : BrowserMeeting
{
    /// <summary>What somebody says, in Hz; neither is a harmonic of the other.</summary>
    public static double ToneOf(string name) => name == "Ada" ? 523 : 1175;

    /// <summary>What the film plays that is shared, in Hz.</summary>
    public const double FilmTone = 1760;

    /// <summary>
    /// The microphone is an oscillator of a context of its own, so that nothing but the page, the daemons and the hub stands between it and the other page's output. All that goes to an
    /// audio destination also goes to analysers: <c>voice.power(hz, channel)</c> is the power in dB over the last third of a second on the left (0, if nothing is said) or on the right (1),
    /// a full-scale sine having 0. It is the mean of pieces (Hann) of 21 ms: a tone that is played up to 14 cents higher or lower, since frames are shifted or the page has too much in store, is as loud as it was, and over
    /// a third of a second at once it would cancel itself. That nothing is heard of a tone is for one piece of all 16384 samples to say, since within a short one another tone that breaks off is in everything. Whoever asks for a microphone of two channels gets the tone on the left only. What is shared is a film of a moving square with a tone, since Chromium's fake display has no sound. <c>voice.listen(seconds, hz)</c> gives the least and the largest over a time, as sound cards count it.
    /// </summary>
    private const string Script = """
        const LOUD = 1024;
        window.voice = {
          taps: [],
          wishes: [],
          power(hz, channel = 0, part = LOUD) {
            const tap = window.voice.taps.at(-1)?.[channel];
            if (!tap) return -200;
            const samples = new Float32Array(tap.fftSize), turn = 2 * Math.PI * hz / tap.context.sampleRate;
            tap.getFloatTimeDomainData(samples);
            let energy = 0;
            for (let from = 0; from < samples.length; from += part) {
              let re = 0, im = 0;
              for (let i = 0; i < part; i++) {
                const x = samples[from + i] * (1 - Math.cos(2 * Math.PI * i / part));
                re += x * Math.cos(turn * i);
                im += x * Math.sin(turn * i);
              }
              energy += (re * re + im * im) * (2 / part) ** 2;
            }
            return 10 * Math.log10(Math.max(energy * part / samples.length, 1e-18));
          },
          async listen(seconds, hz, part = LOUD) {
            const context = window.voice.taps.at(-1)[0].context, end = context.currentTime + seconds;
            let least = Infinity, most = -Infinity;
            while (context.currentTime < end) {
              await new Promise((next) => setTimeout(next, 20));
              const power = window.voice.power(hz, 0, part);
              [least, most] = [Math.min(least, power), Math.max(most, power)];
            }
            return [least, most];
          },
        };
        const connect = AudioNode.prototype.connect;
        AudioNode.prototype.connect = function (target, ...rest) {
          if (target instanceof AudioDestinationNode) {
            const split = new ChannelSplitterNode(this.context, { numberOfOutputs: 2 });
            connect.call(this, split);
            const taps = [0, 1].map((output) => {
              const tap = new AnalyserNode(this.context, { fftSize: 16384 });
              connect.call(split, tap, output);
              return tap;
            });
            window.voice.taps.push(taps);
          }
          return connect.call(this, target, ...rest);
        };
        const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices);
        devices.getUserMedia = async (wish) => {
          if (!wish.audio) return ask(wish);
          const context = new AudioContext({ sampleRate: 48000 });
          const mouth = context.createMediaStreamDestination();
          const tone = new OscillatorNode(context, { frequency: TONE }), quiet = new GainNode(context, { gain: 0.25 });
          window.voice.wishes.push(wish.audio);
          const places = new ChannelMergerNode(context, { numberOfInputs: 2 });
          tone.connect(quiet);
          if (wish.audio.channelCount === 2) quiet.connect(places, 0, 0).connect(mouth);
          else quiet.connect(mouth);
          tone.start();
          return mouth.stream;
        };
        devices.getDisplayMedia = async (wish) => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 }), pen = canvas.getContext("2d");
          let at = 0;
          setInterval(() => { pen.fillStyle = "white"; pen.fillRect(0, 0, 320, 180); pen.fillStyle = "navy"; pen.fillRect(at++ % 300, 80, 20, 20); }, 100);
          const film = canvas.captureStream(10);
          if (!wish.audio) return film;
          const context = new AudioContext({ sampleRate: 48000 }), sound = context.createMediaStreamDestination();
          const tone = new OscillatorNode(context, { frequency: FILM }), quiet = new GainNode(context, { gain: 0.25 });
          tone.connect(quiet).connect(sound);
          tone.start();
          film.addTrack(sound.stream.getAudioTracks()[0]);
          return film;
        };
        """;

    /// <inheritdoc />
    protected override string ScriptOf(string name) => $"{{{Script.Replace("TONE", ToneOf(name).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("FILM", FilmTone.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}}}";
}
