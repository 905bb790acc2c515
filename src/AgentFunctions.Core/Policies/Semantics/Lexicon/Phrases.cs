namespace AgentFunctions.Core.Policies.Semantics.Lexicon;

/// <summary>Runs of words that say what one word says, and ways to ask that say nothing.</summary>
internal static class Phrases
{
    /// <summary>Verbs of two words, abbreviations and set phrases.</summary>
    public static readonly PhraseTable Idioms = new(
        """
        %log|%sign into => %login
        %log|%sign in to|into => %login
        %log|%sign in => %login
        %log on to => %login
        %log on => %login
        %log|%sign out of? => %logout
        %log off => %logout
        log|sign ins|in|on => login
        %sign up for|to => %signup
        %sign up => %signup
        %top up|ups => %topup
        tops up => topup
        %switch|%turn on => %switchon
        %switch|%turn off => %switchoff
        %set up => %setup
        %look up => %lookup
        %pick up => %pickup
        %get rid of => %delete
        %call off => %cancel
        %shut down => %shutdown
        %back up => %backup
        no longer => not anymore
        any longer => anymore
        any more => anymore
        no one => nobody
        is|am|are not able|capable to|of => can not
        is|am|are unable to => can not
        is|am|are able to => can
        unable to => can not
        not able to => can not
        a few => several
        a little => somewhat
        in order to => to
        as well $ => also
        due to the fact that => because
        due|owing to => because
        because of => because
        cell|mobile|cellular phone|telephone => mobile
        cell phone => mobile
        e mail|mails => email
        wi fi => wifi
        per cent => percent
        percentage points => percentagepoints
        zip|postal|post code|codes => postcode
        pin code|codes|number|numbers => pin
        cash|atm machine|machines => atm
        cash point|points => atm
        help desk => helpdesk
        united states of america => usa
        united states => usa
        united kingdom => uk
        great britain => uk
        a.m => am
        p.m => pm
        right now => currently
        at the|this moment => currently
        at present => currently
        as of now => currently
        right|straight away => immediately
        as soon as possible => asap
        there|here is not any|a|an? => there is no
        is|are there a little => is there somewhat
        is|are there a few => is there several
        there is|are a little => there is somewhat
        there is|are a few => there is several
        is|are there any|a|an|some? => is there
        there is|are a|an|some? => there is
        do you have any => do you have
        extra|additional charge|charges => extra fee
        a|any|an|the charge|charges =for|to|on|when|if => fee
        would like to => want to
        would love to => want to
        would prefer to => prefer to
        do i have to => must i
        do i need to => must i
        have to => must
        has to => must
        would like =a|an|my|some|the => want
        am i not able to => can i not
        am i unable to => can i not
        %try and => %try to
        update =my|your|the|our => change
        is|are|does|do not %work => not work
        not working => not work
        thank you so|very? much? in? advance? => thanks
        thanks a? lot|so|very? much? in? advance? for? your? help|assistance? => thanks
        many|much thanks => thanks
        both of => both
        all of => all
        what time =do|does|will|is|are|was => when
        how much time => how long
        how come => why
        for what reason => why
        what is|was the reason why|that|for|behind => why
        """);

    /// <summary>Greetings, politeness, and the frames that questions are put in.</summary>
    public static readonly PhraseTable Frames = new(
        """
        + what|so should|can|do|must|shall|could|would i do now|next|here|then|about? this|that|it|to? fix? this|that|it? $ =>
        + what is|are my options $ =>
        + what to do now|next? $ =>
        + can|could|will|would you|anyone|someone please? help|assist me|us? out? with? this|that|it? please? $ =>
        + please? help|assist me|us? out? please? $ =>
        + i need|want your|some? help|assistance please? $ =>
        + any help|advice|ideas|suggestions|clue|idea appreciated|please? $ =>
        + please? let me know $ =>
        + please? advise|explain $ =>
        ^ help $ =>
        ^ hi|hello|hey|hiya|greetings there|all|team|guys|everyone|folks|again? =>
        ^ dear sir|madam|team|support|all or? madam|sir? =>
        ^ good morning|afternoon|evening|day all|everyone|team? =>
        ^ excuse me =>
        ^ sorry|ok|so|um|uh|hmm|oh|alright|anyway|also|and|but =>
        ^ quick question =>
        ^ i have a|one|another quick|simple? question|query|doubt about|regarding|on? =>
        ^ i|we was|were|am|are just? wondering|curious if|whether => ?if
        ^ i|we was|were|am|are just? wondering|curious about? =@wh =>
        ^ just? wondering if|whether => ?if
        ^ i wonder if|whether => ?if
        ^ i|just? wonder|wondering|curious =@wh =>
        ^ do|would|does you|anyone|anybody|someone happen? to? know if|whether => ?if
        ^ do|would|does you|anyone|anybody|someone happen? to? know =@wh =>
        ^ can|could|will|would you|anyone|someone|somebody|i please? kindly? tell|inform|advise|explain|show|clarify|remind|help|guide|instruct|walk|check|confirm|verify|say to? for? me|us? through? to? know|understand|see? if|whether => ?if
        ^ can|could|will|would you|anyone|someone|somebody please? kindly? tell|inform|advise|explain|show|clarify|remind|help|guide|teach|walk to? me|us? through|on|in? to? know|understand|see? =@wh =>
        ^ can|could|will|would you|anyone|someone please? let me know if|whether => ?if
        ^ can|could|will|would you|anyone|someone please? let me know =@wh =>
        ^ can|could|will|would you please? tell|give me =the|my => what is
        ^ can|could|may i ask|know|find if|whether => ?if
        ^ can|could|may i ask|know =@wh =>
        ^ please? let me know if|whether => ?if
        ^ please? let me know =@wh =>
        ^ please? tell|inform|advise|explain|show|clarify|remind to? me|us? if|whether => ?if
        ^ please? tell|inform|advise|explain|show|clarify|remind to? me|us? =@wh =>
        ^ tell me =the => what is
        ^ i|we need|want|wish|must please? to? know|ask|understand|learn|check|see|confirm|find if|whether => ?if
        ^ i|we need|want|wish|must please? to? find out if|whether => ?if
        ^ i|we need|want|wish|must please? to? know|ask|understand|learn|check|see about? =@wh =>
        ^ i|we need|want|wish|must please? to? find|figure out =@wh =>
        ^ i|we need|want|wish|must to? know =the => what is
        ^ i|we am|are interested|curious|confused|unsure in|about|to|as? to|know|knowing|finding|learning? out|about? =@wh =>
        ^ i|we do not really? know|understand|get|see =@wh =>
        ^ i|we can not understand|see|figure|work out? =@wh =>
        ^ i have no idea|clue =@wh =>
        ^ i|we am|are? not really? sure|certain|clear about|on? =@wh =>
        ^ not sure|certain about? =@wh =>
        ^ any idea|clue|ideas =@wh =>
        ^ would|will|is it be? possible for|that me|i|us|someone|one to|can? => ?yn can
        ^ would|is it be? possible to => ?yn can
        ^ is there way|possibility|option|chance|method for me|us|someone to => ?yn can
        ^ is there way|possibility|option|method to => ?yn can
        ^ is there way|chance|possibility that? i can|could => ?yn can
        ^ am i able to => ?yn can
        ^ can i => ?yn can
        ^ could i => ?yn can
        ^ may i => ?yn may
        ^ am i allowed|permitted to => ?yn may
        ^ is it ok|alright|allowed|permitted to => ?yn may
        ^ is it ok|alright if i => ?yn may
        ^ must i => ?yn must
        ^ is it necessary|mandatory|compulsory|required|obligatory for me to => ?yn must
        ^ is it necessary|mandatory|compulsory|required|obligatory to => ?yn must
        ^ am i required|obliged|obligated to => ?yn must
        ^ should|shall i => ?yn should
        ^ how can|could|do|would|might|may i|one|someone go? about => ?how
        ^ how can|could|do|would|might|may|does i|one|someone please? => ?how
        ^ how can i|one be able to => ?how
        ^ how will|would i be able to => ?how
        ^ how is it possible to => ?how
        ^ how to => ?how
        ^ how i|one can|could|do|would? go? about? => ?how
        ^ i think|believe|guess that? =>
        ^ where do|can|could|should|must i go to => where
        where is|are * located|situated $ => where is *
        ^ what must|should? i do in? order? to => ?how
        ^ what do i must do in? order? to => ?how
        ^ what do i do in? order? to => ?how
        ^ what can i do in? order? to => ?how
        ^ what is|are the? way|ways|method|methods|process|procedure|steps|step|instructions to|for|of i? must|need? take? to? => ?how
        ^ what steps do|must|should i must|need? to? take|follow|do in? order? to => ?how
        ^ what steps are needed|required|involved to|for|in => ?how
        ^ by what means|method can|do i => ?how
        ^ can|could|will|would you|anyone|someone please? help|assist me|us to|with|in? => ?do
        ^ please? help|assist me|us to|with|in? => ?do
        ^ i|we need|want|require some? help|assistance with|in|on|to => ?do
        ^ i|we want|wish|need to => ?do
        ^ i am looking|hoping|trying|wanting to => ?do
        is there charge|charges => is there fee
        there is charge|charges => there is fee
        how much do|does * %cost $ => what is price of *
        what do|does * %cost $ => what is price of *
        how expensive is|are * $ => what is price of *
        what is|are the? cost|costs|price|prices of|for => what is price of
        how much is|are the? =fee|cost|price|charge|fees|charges => what is
        how much do|does it %cost to => what is price of
        what do|does it %cost to => what is price of
        ^ where can|could|do i => where
        for how long => how long
        ^ what is|was the reason =my|the|i|our|a|your => why
        how long do|does it take for|before|until * to => how long * take to
        """);

}
