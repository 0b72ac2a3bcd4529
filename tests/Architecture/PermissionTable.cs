namespace LanCollab.Tests.Architecture;

/// <summary>
/// The table itself, written by hand: message, field (<c>*</c>: the message without any), and whether each role may. It says what is meant;
/// <c>[Needs]</c> on the messages says what is done; <see cref="PermissionTableTests"/> says whether that is the same.
/// </summary>
internal static class PermissionTable
{
    /// <summary>Message and field, and the answers for listener, member, presenter, moderator.</summary>
    public static IEnumerable<(string Cell, string Roles)> Rows =>
        from line in Table.Split('\n').Skip(1)
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where words.Length == 6
        select ($"{words[0]} {words[1]}", string.Join(' ', words[2..].Select(word => word.PadRight(3))));

    private const string Table = """
        message field                            listener member presenter moderator
        chat/delete *                            no  yes yes yes
        chat/delete line                         no  yes yes yes
        chat/delete key                          no  yes yes yes
        chat/delete after                        no  yes yes yes
        chat/edit *                              no  yes yes yes
        chat/edit line                           no  yes yes yes
        chat/edit text                           no  yes yes yes
        chat/edit key                            no  yes yes yes
        chat/edit after                          no  yes yes yes
        chat/history *                           yes yes yes yes
        chat/history before                      yes yes yes yes
        chat/history after                       yes yes yes yes
        chat/history limit                       yes yes yes yes
        chat/history direct                      yes yes yes yes
        chat/people *                            yes yes yes yes
        chat/react *                             no  yes yes yes
        chat/react line                          no  yes yes yes
        chat/react emoji                         no  yes yes yes
        chat/react on                            no  yes yes yes
        chat/react key                           no  yes yes yes
        chat/react after                         no  yes yes yes
        chat/say *                               no  yes yes yes
        chat/say text                            no  yes yes yes
        chat/say to                              no  yes yes yes
        chat/say key                             no  yes yes yes
        chat/say reply                           no  yes yes yes
        chat/say after                           no  yes yes yes
        chat/search *                            yes yes yes yes
        chat/search text                         yes yes yes yes
        chat/search before                       yes yes yes yes
        chat/search limit                        yes yes yes yes
        chat/typing *                            no  yes yes yes
        chat/typing to                           no  yes yes yes
        files/complete *                         no  yes yes yes
        files/create *                           no  yes yes yes
        files/create name                        no  yes yes yes
        files/create size                        no  yes yes yes
        files/create modified                    no  yes yes yes
        files/create token                       no  yes yes yes
        files/create to                          no  yes yes yes
        files/create files                       no  yes yes yes
        files/create index                       no  yes yes yes
        files/discard *                          no  yes yes yes
        files/discard token                      no  yes yes yes
        files/fetch *                            yes yes yes yes
        files/fetch id                           yes yes yes yes
        files/get *                              yes yes yes yes
        files/get blocks                         yes yes yes yes
        files/get got                            yes yes yes yes
        files/hashes *                           no  yes yes yes
        files/hashes first                       no  yes yes yes
        files/hashes sha256                      no  yes yes yes
        files/list *                             yes yes yes yes
        files/manifest *                         yes yes yes yes
        files/manifest first                     yes yes yes yes
        files/manifest count                     yes yes yes yes
        files/withdraw *                         no  yes yes yes
        files/withdraw id                        no  yes yes yes
        files/withdraw token                     no  yes yes yes
        media/ears *                             yes yes yes yes
        media/ears gains                         yes yes yes yes
        media/ears deaf                          yes yes yes yes
        media/group *                            yes yes yes yes
        media/group name                         yes yes yes yes
        media/report *                           yes yes yes yes
        media/report muted                       yes yes yes yes
        media/report rtt                         yes yes yes yes
        media/report loss                        yes yes yes yes
        media/report safety                      yes yes yes yes
        media/report tunnel                      yes yes yes yes
        media/stats *                            yes yes yes yes
        media/subscribe *                        yes yes yes yes
        media/subscribe id                       yes yes yes yes
        media/subscribe layer                    yes yes yes yes
        media/video.keyframe *                   yes yes yes yes
        media/video.keyframe layer               yes yes yes yes
        media/video.keyframe id                  yes yes yes yes
        media/video.off *                        yes yes yes yes
        media/video.on *                         no  yes yes yes
        media/video.on codec                     no  yes yes yes
        media/video.on width                     no  yes yes yes
        media/video.on height                    no  yes yes yes
        media/video.on layers                    no  yes yes yes
        screen/clear *                           no  yes yes yes
        screen/clear all                         no  yes yes yes
        screen/deck *                            no  yes yes yes
        screen/deck title                        no  yes yes yes
        screen/deck page                         no  yes yes yes
        screen/deck pages                        no  yes yes yes
        screen/draw *                            no  yes yes yes
        screen/draw stroke                       no  yes yes yes
        screen/draw points                       no  yes yes yes
        screen/grant *                           no  no  no  yes
        screen/grant id                          no  no  no  yes
        screen/grant decline                     no  no  no  yes
        screen/handover *                        no  yes yes yes
        screen/handover id                       no  yes yes yes
        screen/page *                            yes yes yes yes
        screen/page page                         yes yes yes yes
        screen/page small                        yes yes yes yes
        screen/point *                           no  yes yes yes
        screen/point x                           no  yes yes yes
        screen/point y                           no  yes yes yes
        screen/present *                         no  yes yes yes
        screen/present source                    no  yes yes yes
        screen/present takeOver                  no  no  no  yes
        screen/release *                         no  no  no  yes
        screen/request *                         no  yes yes yes
        screen/request withdraw                  no  yes yes yes
        screen/shown *                           yes yes yes yes
        screen/shown frame                       yes yes yes yes
        screen/stop *                            no  yes yes yes
        screen/undo *                            no  yes yes yes
        session/admit *                          no  no  no  yes
        session/admit id                         no  no  no  yes
        session/admit admitted                   no  no  no  yes
        session/away *                           yes yes yes yes
        session/away away                        yes yes yes yes
        session/ban.lift *                       no  no  no  yes
        session/ban.lift person                  no  no  no  yes
        session/bans *                           no  no  no  yes
        session/beat *                           yes yes yes yes
        session/beat sent                        yes yes yes yes
        session/beat rttMs                       yes yes yes yes
        session/hand *                           yes yes yes yes
        session/hand raised                      yes yes yes yes
        session/hand id                          no  no  no  yes
        session/leave *                          yes yes yes yes
        session/mute *                           no  no  no  yes
        session/mute id                          no  no  no  yes
        session/mute muted                       no  no  no  yes
        session/mute.all *                       no  no  no  yes
        session/remove *                         no  no  no  yes
        session/remove id                        no  no  no  yes
        session/remove ban                       no  no  no  yes
        session/role *                           no  no  no  yes
        session/role id                          no  no  no  yes
        session/role role                        no  no  no  yes
        session/rules *                          no  no  no  yes
        session/rules password                   no  no  no  yes
        session/rules locked                     no  no  no  yes
        session/rules lobby                      no  no  no  yes
        session/rules capacity                   no  no  no  yes
        session/stats *                          yes yes yes yes
        session/stats all                        no  no  no  yes
        session/typing *                         no  yes yes yes
        """;
}
