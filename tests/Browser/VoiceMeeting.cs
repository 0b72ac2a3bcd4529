using System.Globalization;

namespace LanCollab.Tests.Browser;

/// <summary>Two pages whose microphones are tones, and what each of them plays can be listened to.</summary>
public sealed class VoiceMeeting : BrowserMeeting
{
    /// <summary>What somebody says, in Hz; neither is a harmonic of the other.</summary>
    public static double ToneOf(string name) => name == "Ada" ? 523 : 1175;

    /// <summary>
    /// The microphone is an oscillator of a context of its own, so that nothing but the page, the daemons and the hub stands between it and the other page's output. All that goes to an
    /// audio destination also goes to an analyser: <c>voice.power(hz)</c> is the power in dB over the last third of a second, a full-scale sine having 0;
    /// <c>voice.listen(seconds, hz)</c> gives the least and the largest over a time, as sound cards count it.
    /// </summary>
    private const string Script = """
        window.voice = {
          taps: [],
          power(hz) {
            const tap = window.voice.taps.at(-1);
            if (!tap) return -200;
            const samples = new Float32Array(tap.fftSize), turn = 2 * Math.PI * hz / tap.context.sampleRate;
            tap.getFloatTimeDomainData(samples);
            let re = 0, im = 0;
            samples.forEach((x, i) => { re += x * Math.cos(turn * i); im += x * Math.sin(turn * i); });
            return 20 * Math.log10(Math.max(2 * Math.hypot(re, im) / samples.length, 1e-9));
          },
          async listen(seconds, hz) {
            const context = window.voice.taps.at(-1).context, end = context.currentTime + seconds;
            let least = Infinity, most = -Infinity;
            while (context.currentTime < end) {
              await new Promise((next) => setTimeout(next, 20));
              const power = window.voice.power(hz);
              [least, most] = [Math.min(least, power), Math.max(most, power)];
            }
            return [least, most];
          },
        };
        const connect = AudioNode.prototype.connect;
        AudioNode.prototype.connect = function (target, ...rest) {
          if (target instanceof AudioDestinationNode) {
            const tap = new AnalyserNode(this.context, { fftSize: 16384 });
            connect.call(this, tap);
            window.voice.taps.push(tap);
          }
          return connect.call(this, target, ...rest);
        };
        const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices);
        devices.getUserMedia = async (wish) => {
          if (!wish.audio) return ask(wish);
          const context = new AudioContext({ sampleRate: 48000 });
          const mouth = context.createMediaStreamDestination();
          const tone = new OscillatorNode(context, { frequency: TONE }), quiet = new GainNode(context, { gain: 0.25 });
          tone.connect(quiet).connect(mouth);
          tone.start();
          return mouth.stream;
        };
        """;

    /// <inheritdoc />
    protected override string ScriptOf(string name) => $"{{{Script.Replace("TONE", ToneOf(name).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}}}";
}
