// Articles, pronouns, prepositions, conjunctions and auxiliary verbs, in lower case and with the
// accents of careful spelling. The English list is the short one that Lucene made common.
extension StopWords {
    /// The built-in lists, in alphabetical order.
    static let lists: [(language: String, words: String)] = [
        (
            "danish",
            """
            ad af alle alt at blev blive bliver da de dem den denne der deres det dette dig din \
            disse dog du efter eller en end er et for fra få få ham han hans har havde have hende \
            hendes her hos hun hvad hvis hvor i ikke ind jeg jer jo kunne man mange med meget men \
            mig min mine mit mod når ned noget nogle nu og også om op os over på sådan selv sig \
            sin sine sit skal skulle som thi til ud under var være været vi vil ville vor
            """
        ),
        (
            "dutch",
            """
            aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door \
            dus een eens en er ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun \
            iemand iets ik in is ja je kan kon kunnen maar me meer men met mij mijn moet na naar \
            niet niets nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot u uit \
            uw van veel voor want waren was wat werd wezen wie wil worden wordt zal ze zelf zich \
            zij zijn zo zonder zou
            """
        ),
        (
            "english",
            """
            a an and are as at be but by for if in into is it no not of on or such that the their \
            then there these they this to was will with
            """
        ),
        (
            "finnish",
            """
            ei eivät en ei ole olen olet oli olimme olin olit olivat olla olleet ollut on ovat ja \
            jos jotka joka jolla jonka joiden että vai tai sekä mutta kuin kun niin näin nyt itse \
            minä sinä hän me te he minun sinun hänen meidän teidän heidän se ne tämä nämä tuo nuo \
            sen niiden tämän näiden mikä mitä kuka ketä myös vain koska mukaan noin poikki yli
            """
        ),
        (
            "french",
            """
            à ai as au aux avec avait avez avons c ce ces cette d dans de des du elle elles en es \
            est et étaient était été être eu eux il ils j je l la le les leur leurs lui m ma mais \
            me même mes moi mon n ne nos notre nous on ont ou par pas pour qu que qui s sa sans se \
            ses si son sont sur t ta te tes toi ton tu un une vos votre vous y
            """
        ),
        (
            "german",
            """
            aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei \
            bin bis bist da damit dann das dass dem den denn der des dich die dies diese diesem \
            diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es euch \
            euer für gegen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr \
            ihre ihrem ihren ihrer ihres im in indem ins ist jede jedem jeden jeder jedes jene kann \
            kein keine keinem keinen keiner können könnte man mein meine mich mir mit muss nach \
            nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner seit sich \
            sie sind so solche soll sollte sondern sonst über um und uns unser unter viel vom von \
            vor während war waren was weil welche welcher wenn werde werden wie wieder will wir \
            wird wo wollen würde würden zu zum zur zwar zwischen
            """
        ),
        (
            "hungarian",
            """
            a abban ahhoz ahogy ahol aki akik akkor alatt amely amelyek ami amikor amit arra az \
            azok azon azt azután be benne csak de e egy egyes egyik egyéb el ennek erre ez ezek \
            ezen ezt ezért fel ha hanem hogy hogyan igen így ill is itt ki kell le lehet lesz lett \
            ma majd már még meg mely mert mi mikor minden mint mit most nagyon ne nem nincs ő ők \
            össze ott pedig s saját sem sok számára szemben szerint talán te tehát után utána úgy \
            vagy vagyis valaki valami van vele vissza viszont volna volt voltak
            """
        ),
        (
            "italian",
            """
            a ad agli ai al alla alle allo anche avere aveva c che chi ci come con contro cui d da \
            dagli dai dal dalla dalle dallo degli dei del della delle dello di dove e è ed era \
            erano essere fu gli ha hanno ho i il in io l la le lei li lo loro lui ma mi mia mie miei \
            mio ne negli nei nel nella nelle nello noi non nostra nostro o per perché più quale \
            quanto quella quelle quelli quello questa queste questi questo se sei si sia siamo sono \
            su sua sue sugli sui sul sulla sulle sullo suo suoi ti tra fra tu tua tuo un una uno \
            vi voi vostra vostro
            """
        ),
        (
            "norwegian",
            """
            alle at av bare begge ble bli blir både da de deg dem den denne der dere deres det dette \
            din disse du eller en enn er et etter for fra før ha hadde han hans har henne hennes her \
            hun hva hvem hver hvis hvor hvordan i ikke inn ja jeg kan kunne man mange med meg men \
            mer min mitt mot mye når nå noe noen og også om opp oss over på seg selv sin sitt skal \
            skulle slik som så til ut uten var ved vi vil ville vår være vært
            """
        ),
        (
            "portuguese",
            """
            a à ao aos aquela aquelas aquele aqueles aquilo as às até com como da das de dela delas \
            dele deles depois do dos e é ela elas ele eles em entre era eram essa essas esse esses \
            esta está estão estas este estes eu foi foram há isso isto já lhe lhes mais mas me mesmo \
            meu meus minha minhas muito na não nas nem no nos nós nossa nosso num numa o os ou para \
            pela pelas pelo pelos por qual quando que quem são se sem ser seu seus só sua suas \
            também te tem têm teu tu tua um uma você vocês vos
            """
        ),
        (
            "romanian",
            """
            a acea aceasta această aceea acei aceia acel acela acele acelea acest acesta aceste \
            acestea acești ai al ale am ar are aș ați au avea ca că când care ce cel cele cine cu \
            cum da dacă dar de deci din după ea ei el ele era este eu fi fie fiind fost i îi îl în \
            într iar îmi își la le lor lui mai mi ne nici nimic noi nu o or ori pe pentru prin sa \
            să sau se și sunt te tu un una unde unei unele unor unui va vă voi vom vor
            """
        ),
        (
            "russian",
            """
            а без более бы был была были было быть в вам вас ведь во вот все всего всех вы где да \
            даже для до его ее её если есть ещё еще же за здесь и из или им их к как ко когда кто ли \
            либо мне может мы на над надо наш не него нее неё нет ни них но ну о об однако он она \
            они оно от очень по под при про с со так также такой там те тем то того тоже той только \
            том ты у уже хотя чего чей чем что чтобы чьё эта эти это этого этой этом этот я
            """
        ),
        (
            "spanish",
            """
            a al algo algunas algunos ante antes aquel aquella como con contra cual cuando de del \
            desde donde durante e el él ella ellas ellos en entre era eran es esa esas ese eso esos \
            esta está están estas este esto estos fue fueron ha había han hasta hay la las le les lo \
            los más me mi mí mis mucho muy nada ni no nos nosotros nuestra nuestro o os otra otro \
            para pero poco por porque que qué quien se ser si sí sin sobre son su sus también tanto \
            te tenía ti tiene todo todos tu tus un una uno unos vosotros y ya yo
            """
        ),
        (
            "swedish",
            """
            alla allt än är åt att av blev bli blir då där de dem den denna deras dess dessa det \
            detta dig din du efter ej eller en er ert ett för från ha hade han hans här henne hennes \
            hon honom hur i icke ingen inom inte jag ju kan kunde man med mellan men mig min mina \
            mitt mot mycket någon något några när nu och om oss över på sådan samma sedan sig sin \
            sina sitt själv skulle så som till under upp ut utan vad vår vara varför varit vars vem \
            vi vid vilken
            """
        ),
        (
            "turkish",
            """
            acaba ama ancak bana bazı belki ben benim bir biri birkaç biz bu buna bunda bundan bunu \
            bunun çok çünkü da daha de defa diye en eğer gibi hem hep hepsi her hiç için ile ise kez \
            ki kim kime mı mi mu mü nasıl ne neden nerede nereye niçin niye o olan olarak ona ondan \
            onlar onu onun sanki sen senin siz şey şu şuna şunu tüm ve veya ya yani
            """
        ),
    ]
}
