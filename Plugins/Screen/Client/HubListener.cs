using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>What the hub tells and sends on one channel, brought onto the stage that the pages look at.</summary>
internal sealed class HubListener(MessageChannel channel, Stage stage, PresenterDesk desk, long maxPicture)
{
    private TilePicture? _received;
    private long _presentation;

    /// <summary>Who presents now.</summary>
    public void Hear(Presenter who)
    {
        bool mine = who.Id is not null && who.Id == channel.Channel.Peer?.Id;
        if (who.Id is null || mine) _received = null;
        else if (_received is null || who.Presentation != _presentation) _received = new TilePicture(maxPicture);
        _presentation = who.Presentation;
        stage.Show(who, mine ? desk.Current?.Picture : _received);
    }

    /// <summary>Tiles of the one who presents.</summary>
    /// <exception cref="ProtocolErrorException">They are wrong, or nobody else presents.</exception>
    public async ValueTask ReceiveAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        TilePicture picture = _received ?? throw new ProtocolErrorException("Tiles came while nobody else presents.");
        if (picture.Apply(frame.Span)) await channel.SendAsync(new Shown(picture.Number), cancellationToken).ConfigureAwait(false);
    }
}
