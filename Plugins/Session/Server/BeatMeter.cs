using System.Diagnostics.Metrics;

namespace LanCollab.Plugins.Session;

/// <summary>What the operator sees of presence.</summary>
internal sealed class BeatMeter
{
    private readonly Histogram<double> _interval, _roundTrip;

    public BeatMeter(Meter meter, House house)
    {
        _interval = meter.CreateHistogram<double>("session.heartbeat.interval", "ms", "Time between two beats of a client");
        _roundTrip = meter.CreateHistogram<double>("session.heartbeat.roundtrip", "ms", "Round trip of a beat, as the client measured it");
        meter.CreateObservableGauge("session.people", () => Count(house, seat => !seat.Lost), "{person}", "People in rooms");
        meter.CreateObservableGauge("session.seats.kept", () => Count(house, seat => seat.Lost), "{seat}", "Seats that wait for somebody lost");
        meter.CreateObservableGauge("session.rooms", () => house.Names.Count, "{room}", "Rooms with somebody in them");
    }

    /// <summary>Milliseconds.</summary>
    public void Interval(double milliseconds) => _interval.Record(milliseconds);

    /// <summary>Milliseconds.</summary>
    public void RoundTrip(double milliseconds) => _roundTrip.Record(milliseconds);

    private static int Count(House house, Func<Seat, bool> which)
    {
        lock (house.Gate) return house.Rooms.Sum(room => room.All.Count(which));
    }
}
